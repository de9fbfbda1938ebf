import { rename, writeFile } from "node:fs/promises";
import { needProgram } from "./prerequisite.ts";

/** A wall clock for one process, by Debian's libfaketime, that jumps while it runs. Time that passes stays the machine's. */
export class ShiftedClock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static async create(file: string): Promise<ShiftedClock> {
    await needProgram(["faketime", "--version"], "faketime");
    const clock = new ShiftedClock(file);
    await clock.jump("+0");
    return clock;
  }

  /** @param offset against the machine's clock, as faketime takes it: `-3h`, `+5y` */
  async jump(offset: string): Promise<void> {
    // Replaced in one step: it is read at each look at the clock.
    await writeFile(`${this.#file}.new`, `${offset}\n`);
    await rename(`${this.#file}.new`, this.#file);
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      // The dynamic linker puts in the library folder of this machine.
      LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1",
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }
}
