/** `errno` of wasi_snapshot_preview1. */
export const errno = {
  success: 0,
  acces: 2,
  again: 6,
  badf: 8,
  exist: 20,
  fault: 21,
  ilseq: 25,
  inval: 28,
  io: 29,
  isdir: 31,
  loop: 32,
  mfile: 33,
  nametoolong: 37,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notdir: 54,
  notempty: 55,
  notsup: 58,
  perm: 63,
  pipe: 64,
  rofs: 69,
  spipe: 70,
  xdev: 75,
  notcapable: 76,
} as const;

/** Ends a function with an errno. */
export class WasiError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`errno ${code}`);
    this.code = code;
  }
}

const byName: Readonly<Record<string, number>> = {
  EACCES: errno.acces,
  EEXIST: errno.exist,
  EINVAL: errno.inval,
  EISDIR: errno.isdir,
  ELOOP: errno.loop,
  EMFILE: errno.mfile,
  ENAMETOOLONG: errno.nametoolong,
  ENOENT: errno.noent,
  ENOSPC: errno.nospc,
  ENOTDIR: errno.notdir,
  ENOTEMPTY: errno.notempty,
  EPERM: errno.perm,
  EROFS: errno.rofs,
  ESPIPE: errno.spipe,
  EXDEV: errno.xdev,
};

/** What a failure of the node's file system is to the program. */
export function errnoOf(error: unknown): number {
  if (error instanceof WasiError) return error.code;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return byName[code] ?? errno.io;
}
