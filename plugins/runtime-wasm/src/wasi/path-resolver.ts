import { lstatSync, readlinkSync } from "node:fs";
import { join, sep } from "node:path";
import { errno, WasiError } from "./errno.ts";

const mostLinks = 40;

/** A folder of the node that a program may use, and nothing above it. */
export interface Root {
  /** Absolute and real. */
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * The path on the node that a program's path stands for, resolved component by component: `..`, absolute links and links
 * that lead out of the root end in `ENOTCAPABLE`.
 *
 * @param base the folder a relative path starts in, inside the root
 * @param follow also a link at the end
 */
export function resolvePath(root: Root, base: string, path: string, follow: boolean): string {
  if (path.startsWith("/")) throw new WasiError(errno.notcapable);
  const parts = path.split("/").reverse();
  let current = base;
  let links = 0;
  while (parts.length > 0) {
    const part = parts.pop() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (current === root.path) throw new WasiError(errno.notcapable);
      current = join(current, "..");
      continue;
    }
    const next = join(current, part);
    const isLast = parts.every((rest) => rest === "" || rest === ".");
    const target = isLast && !follow ? undefined : linkTarget(next);
    if (target === undefined) {
      current = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new WasiError(errno.loop);
    if (target.startsWith("/")) throw new WasiError(errno.notcapable);
    parts.push(...target.split("/").reverse());
  }
  return current;
}

/** Refuses what lies outside, after a file was opened: somebody may have changed a link meanwhile. */
export function checkInside(root: Root, fd: number): void {
  const real = readlinkSync(`/proc/self/fd/${fd}`);
  const prefix = root.path === sep ? sep : root.path + sep;
  if (real !== root.path && !real.startsWith(prefix)) throw new WasiError(errno.notcapable);
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    // What does not exist is no link; whoever uses the path finds that out.
    return undefined;
  }
}
