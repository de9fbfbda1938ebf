import {
  fstatSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Descriptor } from "./descriptors.ts";
import { errno, WasiError } from "./errno.ts";
import { checkWritable, pathIn, writeStat } from "./file-functions.ts";
import type { Program } from "./program.ts";

const followLinks = 1;
const times = { setAccess: 1, accessNow: 2, setModified: 4, modifiedNow: 8 } as const;

/** What is done to names in folders. */
export function pathFunctions(program: Program) {
  const { memory, descriptors } = program;
  /** A name in a folder that may be changed. */
  const target = (fd: number, pointer: number, length: number) => {
    const folder = descriptors.folder(fd);
    checkWritable(folder);
    return pathIn(folder, memory.path(pointer, length), false);
  };
  return {
    path_create_directory: (fd: number, pointer: number, length: number) =>
      void mkdirSync(target(fd, pointer, length), 0o755),
    path_remove_directory: (fd: number, pointer: number, length: number) => rmdirSync(target(fd, pointer, length)),
    path_unlink_file: (fd: number, pointer: number, length: number) => {
      const path = target(fd, pointer, length);
      if (lstatSync(path).isDirectory()) throw new WasiError(errno.isdir);
      unlinkSync(path);
    },
    path_rename: (fd: number, pointer: number, length: number, to: number, toPointer: number, toLength: number) =>
      renameSync(target(fd, pointer, length), target(to, toPointer, toLength)),
    path_link: (
      fd: number,
      flags: number,
      pointer: number,
      length: number,
      to: number,
      toPointer: number,
      toLength: number,
    ) => {
      if ((flags & followLinks) !== 0) throw new WasiError(errno.inval);
      linkSync(target(fd, pointer, length), target(to, toPointer, toLength));
    },
    path_symlink: (pointer: number, length: number, fd: number, toPointer: number, toLength: number) => {
      const text = memory.path(pointer, length);
      const path = target(fd, toPointer, toLength);
      checkLink(descriptors.folder(fd), path, text);
      symlinkSync(text, path);
    },
    path_readlink: (fd: number, pointer: number, length: number, buffer: number, size: number, result: number) => {
      const text = Buffer.from(readlinkSync(pathIn(descriptors.folder(fd), memory.path(pointer, length), false)));
      const part = text.subarray(0, size >>> 0);
      memory.bytes(buffer, part.length).set(part);
      memory.setU32(result, part.length);
    },
    path_filestat_get: (fd: number, flags: number, pointer: number, length: number, result: number) => {
      const follow = (flags & followLinks) !== 0;
      const path = pathIn(descriptors.folder(fd), memory.path(pointer, length), follow);
      writeStat(program, result, follow ? statSync(path) : lstatSync(path));
    },
    path_filestat_set_times: (
      fd: number,
      flags: number,
      pointer: number,
      length: number,
      access: bigint,
      modified: bigint,
      which: number,
    ) => {
      const folder = descriptors.folder(fd);
      checkWritable(folder);
      const path = pathIn(folder, memory.path(pointer, length), (flags & followLinks) !== 0);
      const { atimeMs, mtimeMs } = lstatSync(path);
      lutimesSync(path, ...timesOf(program, which, { access, modified }, { atimeMs, mtimeMs }));
    },
    fd_filestat_set_times: (fd: number, access: bigint, modified: bigint, which: number) => {
      const file = descriptors.file(fd);
      if (!file.canWrite) throw new WasiError(errno.badf);
      futimesSync(file.fd, ...timesOf(program, which, { access, modified }, fstatSync(file.fd)));
    },
  };
}

/** A link must not lead out of the root, whoever reads it later. */
function checkLink(folder: Descriptor & { readonly type: "folder" }, path: string, text: string): void {
  if (text.startsWith("/")) throw new WasiError(errno.notcapable);
  pathIn({ ...folder, path: dirname(path) }, text, false);
}

function timesOf(
  program: Program,
  which: number,
  given: { readonly access: bigint; readonly modified: bigint },
  before: { readonly atimeMs: number; readonly mtimeMs: number },
): [number, number] {
  const now = Number(program.clock.realtime() / 1000n) / 1e6;
  const seconds = (nanoseconds: bigint) => Number(nanoseconds / 1000n) / 1e6;
  const access =
    which & times.accessNow ? now : which & times.setAccess ? seconds(given.access) : before.atimeMs / 1000;
  const modified =
    which & times.modifiedNow ? now : which & times.setModified ? seconds(given.modified) : before.mtimeMs / 1000;
  return [access, modified];
}
