import { sep } from "node:path";

/** As the kernel names a file system that takes no writes, from the start or since it found itself damaged. */
const withoutWrites = ["ro", "emergency_ro", "shutdown"];

interface Mount {
  readonly point: string;
  readonly options: readonly string[];
}

/**
 * Whether the file system that holds a folder takes no writes, by the text of /proc/self/mountinfo (proc(5)). Asks
 * nothing of the disk. False where there is no such text.
 */
export function isReadOnlyMount(mountinfo: string, folder: string): boolean {
  const mounts = mountinfo.split("\n").flatMap(parseLine);
  // Of what is mounted at one point, the last lies on top.
  const holding = mounts
    .filter(({ point }) => folder === point || folder.startsWith(point.endsWith(sep) ? point : `${point}${sep}`))
    .reduce<Mount | undefined>(
      (best, mount) => (mount.point.length >= (best?.point.length ?? 0) ? mount : best),
      undefined,
    );
  return holding?.options.some((option) => withoutWrites.includes(option)) ?? false;
}

/** Fields 5 and 6 are where it is mounted and how; the last, after the dash, how its file system is. */
function parseLine(line: string): Mount[] {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , , point, options = ""] = before.split(" ");
  if (point === undefined) return [];
  const ofFileSystem = after.split(" ").at(-1) ?? "";
  return [{ point: unescaped(point), options: [...options.split(","), ...ofFileSystem.split(",")] }];
}

/** Spaces, tabs, line ends and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
