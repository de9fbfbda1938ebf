import { realpath } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { errorCode } from "@skerry/plugin";
import type { Preopen } from "../worker-protocol.ts";

/** The files of a container: its mounts, and below them those of its image. */
export class MountTable {
  /** Longer paths first, so that the first that fits is the one that holds a path. */
  readonly preopens: readonly Preopen[];

  private constructor(preopens: readonly Preopen[]) {
    this.preopens = preopens.toSorted((a, b) => b.guestPath.length - a.guestPath.length);
  }

  /** A sentence when a mount cannot be had. */
  static async of(preopens: readonly Preopen[]): Promise<MountTable | string> {
    const normal = preopens.map((preopen) => ({ ...preopen, guestPath: normalized(preopen.guestPath) }));
    for (const [index, { guestPath, hostPath }] of normal.entries()) {
      if (!guestPath.startsWith("/")) return `the mount path ${guestPath} is not absolute`;
      if (normal.findIndex((other) => other.guestPath === guestPath) !== index) return `${guestPath} is mounted twice`;
      if ((await realPathOf(hostPath)) === undefined) return `what is mounted at ${guestPath} is not on this node`;
    }
    return new MountTable(normal);
  }

  /** Where an absolute path of the container is on the node, its links followed; a sentence when it is nowhere. */
  async find(path: string): Promise<{ readonly hostPath: string } | { readonly problem: string }> {
    const guestPath = normalized(path);
    const mount = this.preopens.find(({ guestPath: at }) => at === guestPath || guestPath.startsWith(withSlash(at)));
    if (mount === undefined) return { problem: `${path} is under no mount${this.#known()}` };
    const root = await realPathOf(mount.hostPath);
    const hostPath = await realPathOf(join(mount.hostPath, guestPath.slice(mount.guestPath.length)));
    if (root === undefined || hostPath === undefined) return { problem: `there is no file ${path}` };
    if (hostPath !== root && !hostPath.startsWith(root + sep)) {
      return { problem: `${path} leads out of the mount ${mount.guestPath}` };
    }
    return { hostPath };
  }

  #known(): string {
    const paths = this.preopens.map(({ guestPath }) => guestPath);
    return paths.length === 0 ? "; the container has none" : `; mounted are ${paths.join(", ")}`;
  }
}

function normalized(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, "");
}

function withSlash(path: string): string {
  return path === "/" ? path : `${path}/`;
}

/** `undefined` for what does not exist, and for links that lead in a circle. */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG") return undefined;
    throw error;
  }
}
