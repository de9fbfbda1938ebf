import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../e2e/skerry.ts";
import { must, needProgram } from "./prerequisite.ts";

/** A small ext4 of its own, in a file of the installation, that holds the home of one node. */
export class NodeDisk {
  readonly home: string;
  readonly image: string;
  readonly #ballast: string;

  private constructor(home: string, profile: "edge" | "cloud") {
    this.home = join(home, profile);
    this.image = join(home, `${profile}-disk.img`);
    this.#ballast = join(this.home, "ballast");
  }

  /** Made and mounted. */
  static async create(home: string, megabytes: number, profile: "edge" | "cloud" = "edge"): Promise<NodeDisk> {
    await needProgram(["mkfs.ext4", "-V"], "e2fsprogs");
    const disk = new NodeDisk(home, profile);
    await mkdir(disk.home, { recursive: true });
    await must("truncate", "-s", `${megabytes}M`, disk.image);
    await must("mkfs.ext4", "-q", "-F", "-m", "0", disk.image);
    await disk.mount();
    return disk;
  }

  async mount(): Promise<void> {
    await must("mount", "-o", "loop", this.image, this.home);
  }

  async unmount(): Promise<void> {
    await must("umount", this.home);
  }

  /** For the end of a test, whatever came before: nothing of it stays mounted. */
  async release(): Promise<void> {
    await run("umount", ["-l", this.home]);
  }

  /** Takes what space there is, to the last block. */
  async fill(): Promise<void> {
    for (const bytes of [1 << 20, 1 << 12, 1]) {
      let isFull = false;
      while (!isFull) {
        await writeFile(this.#ballast, Buffer.alloc(bytes), { flag: "a" }).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOSPC") throw error;
          isFull = true;
        });
      }
    }
  }

  async makeRoom(): Promise<void> {
    await rm(this.#ballast);
  }

  /** As a card that dies does: from now on everything that writes gets EROFS, open files included. */
  async abort(): Promise<void> {
    await must("mount", "-o", "remount,abort", this.home);
  }

  /** What a person does after that: checks and repairs it, and mounts it again. */
  async repair(): Promise<void> {
    await this.unmount();
    // 1 says that it was repaired.
    const { code, out, err } = await run("fsck.ext4", ["-y", "-f", this.image]);
    if (code !== 0 && code !== 1) throw new Error(`fsck.ext4 gave ${code}: ${out}${err}`);
    await this.mount();
  }
}
