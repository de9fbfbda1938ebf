import type { Stats } from "node:fs";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Descriptor } from "./descriptors.ts";
import { errno, WasiError } from "./errno.ts";
import { readFolder } from "./folder-functions.ts";
import { checkInside, resolvePath } from "./path-resolver.ts";
import type { Program } from "./program.ts";

const largestOffset = BigInt(Number.MAX_SAFE_INTEGER);
const oflags = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
const appendFlag = 1;
const followLinks = 1;
const rights = { read: 2n, write: 64n } as const;

export const fileType = { unknown: 0, character: 2, directory: 3, regular: 4, link: 7 } as const;

/** Reading and writing of descriptors, and opening them. */
export function fileFunctions(program: Program) {
  const { memory, descriptors, log } = program;

  const readAt = (fd: number, vectors: number, count: number, at: bigint | undefined, result: number) => {
    const found = descriptors.get(fd);
    if (found.type === "stdin") return memory.setU32(result, 0);
    const file = descriptors.file(fd);
    if (!file.canRead) throw new WasiError(errno.badf);
    let position = at ?? file.position;
    let total = 0;
    for (const buffer of memory.vectors(vectors, count)) {
      const bytes = readSync(file.fd, buffer, 0, buffer.length, position);
      total += bytes;
      position += BigInt(bytes);
      if (bytes < buffer.length) break;
    }
    if (at === undefined) file.position = position;
    memory.setU32(result, total);
  };

  const writeAt = (fd: number, vectors: number, count: number, at: bigint | undefined, result: number) => {
    const found = descriptors.get(fd);
    const buffers = memory.vectors(vectors, count);
    if (found.type === "stream") {
      for (const buffer of buffers) log.write(found.stream, Buffer.from(buffer));
      return memory.setU32(
        result,
        buffers.reduce((sum, { length }) => sum + length, 0),
      );
    }
    const file = descriptors.file(fd);
    if (!file.canWrite) throw new WasiError(errno.badf);
    let position = at ?? (file.append ? BigInt(fstatSync(file.fd).size) : file.position);
    let total = 0;
    for (const buffer of buffers) {
      const bytes = writeSync(file.fd, buffer, 0, buffer.length, Number(position));
      total += bytes;
      position += BigInt(bytes);
    }
    if (at === undefined) file.position = position;
    memory.setU32(result, total);
  };

  const synced = (fd: number) => {
    const found = descriptors.get(fd);
    if (found.type === "file") fsyncSync(found.fd);
  };

  return {
    fd_read: (fd: number, vectors: number, count: number, result: number) =>
      readAt(fd, vectors, count, undefined, result),
    fd_pread: (fd: number, vectors: number, count: number, offset: bigint, result: number) =>
      readAt(fd, vectors, count, offsetOf(offset), result),
    fd_write: (fd: number, vectors: number, count: number, result: number) =>
      writeAt(fd, vectors, count, undefined, result),
    fd_pwrite: (fd: number, vectors: number, count: number, offset: bigint, result: number) =>
      writeAt(fd, vectors, count, offsetOf(offset), result),
    fd_seek: (fd: number, offset: bigint, whence: number, result: number) => {
      const file = descriptors.file(fd);
      const base = [0n, file.position, BigInt(fstatSync(file.fd).size)][whence];
      if (base === undefined || base + offset < 0n || base + offset > largestOffset) throw new WasiError(errno.inval);
      file.position = base + offset;
      memory.setU64(result, file.position);
    },
    fd_tell: (fd: number, result: number) => memory.setU64(result, descriptors.file(fd).position),
    fd_close: (fd: number) => descriptors.close(fd),
    fd_renumber: (from: number, to: number) => descriptors.renumber(from, to),
    fd_sync: synced,
    fd_datasync: synced,
    fd_advise: (fd: number) => void descriptors.get(fd),
    fd_allocate: (fd: number, offset: bigint, length: bigint) => {
      const file = descriptors.file(fd);
      const size = Number(offsetOf(offset) + offsetOf(length));
      if (!file.canWrite) throw new WasiError(errno.badf);
      if (fstatSync(file.fd).size < size) ftruncateSync(file.fd, size);
    },
    fd_filestat_set_size: (fd: number, size: bigint) => {
      const file = descriptors.file(fd);
      if (!file.canWrite) throw new WasiError(errno.badf);
      ftruncateSync(file.fd, Number(offsetOf(size)));
    },
    fd_fdstat_get: (fd: number, result: number) => {
      const found = descriptors.get(fd);
      const view = memory.view(result, 24);
      view.setUint8(0, typeOf(found));
      view.setUint8(1, 0);
      view.setUint16(2, found.type === "file" && found.append ? appendFlag : 0, true);
      view.setBigUint64(8, rightsOf(found), true);
      view.setBigUint64(16, found.type === "folder" ? 0xffff_ffffn : 0n, true);
    },
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const file = descriptors.file(fd);
      if (((flags & appendFlag) === appendFlag) !== file.append) throw new WasiError(errno.notsup);
    },
    fd_fdstat_set_rights: (fd: number) => void descriptors.get(fd),
    fd_filestat_get: (fd: number, result: number) => {
      const found = descriptors.get(fd);
      if (found.type === "file") return writeStat(program, result, fstatSync(found.fd));
      if (found.type === "folder") return writeStat(program, result, statSync(found.path));
      memory.bytes(result, 64).fill(0);
      memory.view(result, 64).setUint8(16, fileType.character);
    },
    fd_prestat_get: (fd: number, result: number) => {
      const found = descriptors.get(fd);
      if (found.type !== "folder" || found.guestPath === undefined) throw new WasiError(errno.badf);
      memory.setU32(result, 0);
      memory.setU32(result + 4, Buffer.byteLength(found.guestPath));
    },
    fd_prestat_dir_name: (fd: number, pointer: number, length: number) => {
      const { guestPath } = descriptors.folder(fd);
      const name = Buffer.from(guestPath ?? "");
      if (name.length > length >>> 0) throw new WasiError(errno.nametoolong);
      memory.bytes(pointer, name.length).set(name);
    },
    fd_readdir: (fd: number, pointer: number, length: number, cookie: bigint, result: number) =>
      memory.setU32(result, readFolder(descriptors.folder(fd), memory.bytes(pointer, length), cookie)),
    path_open: (
      fd: number,
      dirflags: number,
      pointer: number,
      length: number,
      flags: number,
      base: bigint,
      _inheriting: bigint,
      fdflags: number,
      result: number,
    ) => {
      const folder = descriptors.folder(fd);
      const path = pathIn(folder, memory.path(pointer, length), (dirflags & followLinks) !== 0);
      memory.setU32(result, descriptors.add(open(folder, path, flags, base, fdflags)));
    },
  };
}

type Folder = Descriptor & { readonly type: "folder" };

/** The path on the node; of a mount of one file only that file. */
export function pathIn(folder: Folder, path: string, follow: boolean): string {
  const resolved = resolvePath(folder.root, folder.path, path, follow);
  if (folder.only !== undefined && resolved !== join(folder.path, folder.only) && resolved !== folder.path) {
    throw new WasiError(errno.noent);
  }
  return resolved;
}

export function checkWritable({ root, only }: Folder): void {
  if (root.readOnly || only !== undefined) throw new WasiError(errno.rofs);
}

function open(folder: Folder, path: string, flags: number, base: bigint, fdflags: number): Descriptor {
  const { root } = folder;
  const wantsWrite = (base & rights.write) !== 0n;
  const changes = wantsWrite || (flags & (oflags.creat | oflags.trunc)) !== 0;
  const wantsRead = (base & rights.read) !== 0n || !wantsWrite;
  const isFolder = isDirectory(path);
  if (isFolder) {
    if (wantsWrite) throw new WasiError(errno.isdir);
    if ((flags & oflags.excl) !== 0) throw new WasiError(errno.exist);
    checkFolder(root, path);
    return { type: "folder", root, path, ...(folder.only === undefined ? {} : { only: folder.only }) };
  }
  if ((flags & oflags.directory) !== 0) throw new WasiError(isFolder === undefined ? errno.noent : errno.notdir);
  if (changes && root.readOnly && (wantsWrite || (flags & oflags.trunc) !== 0 || isFolder === undefined)) {
    throw new WasiError(errno.rofs);
  }
  const mode =
    (wantsWrite ? (wantsRead ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY) |
    ((flags & oflags.creat) !== 0 && !root.readOnly ? constants.O_CREAT : 0) |
    ((flags & oflags.excl) !== 0 ? constants.O_EXCL : 0) |
    constants.O_NOFOLLOW |
    constants.O_NONBLOCK;
  const fd = openSync(path, mode, 0o644);
  try {
    checkInside(root, fd);
    if (!fstatSync(fd).isFile()) throw new WasiError(errno.notsup);
    // After the check, so that nothing outside is emptied.
    if ((flags & oflags.trunc) !== 0) ftruncateSync(fd, 0);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const append = (fdflags & appendFlag) !== 0;
  return { type: "file", root, fd, canRead: wantsRead, canWrite: wantsWrite, append, position: 0n };
}

function checkFolder(root: Folder["root"], path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    checkInside(root, fd);
  } finally {
    closeSync(fd);
  }
}

/** `undefined` when there is nothing. */
function isDirectory(path: string): boolean | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory();
}

function offsetOf(offset: bigint): bigint {
  if (offset < 0n || offset > largestOffset) throw new WasiError(errno.inval);
  return offset;
}

function typeOf({ type }: Descriptor): number {
  if (type === "folder") return fileType.directory;
  return type === "file" ? fileType.regular : fileType.character;
}

function rightsOf(found: Descriptor): bigint {
  const all = 0x1fff_ffffn;
  if (found.type !== "file") return all;
  return (found.canWrite ? all : all & ~rights.write) & (found.canRead ? all : ~rights.read);
}

/** A `filestat`. */
export function writeStat({ memory }: Program, pointer: number, stats: Stats): void {
  const view = memory.view(pointer, 64);
  const type = stats.isDirectory()
    ? fileType.directory
    : stats.isFile()
      ? fileType.regular
      : stats.isSymbolicLink()
        ? fileType.link
        : fileType.unknown;
  view.setBigUint64(0, BigInt(stats.dev), true);
  view.setBigUint64(8, BigInt(stats.ino), true);
  view.setBigUint64(16, 0n, true);
  view.setUint8(16, type);
  view.setBigUint64(24, BigInt(stats.nlink), true);
  view.setBigUint64(32, BigInt(stats.size), true);
  for (const [index, ms] of [stats.atimeMs, stats.mtimeMs, stats.ctimeMs].entries()) {
    view.setBigUint64(40 + 8 * index, BigInt(Math.round(ms * 1000)) * 1000n, true);
  }
}
