import type { LoggedEntry } from "@skerry/contracts";

export interface Append {
  readonly entry: Omit<LoggedEntry, "sequence">;
  settle(result: "kept" | "dropped"): void;
  fail(error: unknown): void;
}

/** Appends that wait for the next write. All that come before it begins share it. */
export class LogAppends {
  readonly #write: () => void;
  #waiting: Append[] = [];

  /** @param write called once for all that then wait; takes them when it begins */
  constructor(write: () => void) {
    this.#write = write;
  }

  add(entry: Append["entry"]): Promise<"kept" | "dropped"> {
    return new Promise((settle, fail) => {
      if (this.#waiting.push({ entry, settle, fail }) === 1) this.#write();
    });
  }

  take(): readonly Append[] {
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }
}
