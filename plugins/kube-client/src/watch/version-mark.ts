import type { Clock } from "@skerry/contracts";
import { isAtLeast } from "./compare-versions.ts";

/** How far a watch has come, as a resourceVersion; `undefined` when it has to list first. */
export class VersionMark {
  readonly #clock: Clock;
  readonly #lookers = new Set<() => void>();
  #version: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get version(): string | undefined {
    return this.#version;
  }

  set(version: string | undefined): void {
    this.#version = version;
    for (const look of [...this.#lookers]) look();
  }

  isAtLeast(version: string | undefined): boolean {
    return isAtLeast(this.#version, version);
  }

  /** Whether it is at a version within so many milliseconds; resolves with `true` as soon as it is. */
  reaches(version: string, withinMs: number): Promise<boolean> {
    if (this.isAtLeast(version)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isThere: boolean) => {
        this.#lookers.delete(look);
        timer[Symbol.dispose]();
        resolve(isThere);
      };
      const look = () => {
        if (this.isAtLeast(version)) end(true);
      };
      const timer = this.#clock.after(withinMs, () => end(false));
      this.#lookers.add(look);
    });
  }
}
