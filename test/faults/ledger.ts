/** What writers attempted, what was acknowledged, and what was seen to have become of it. */
export class Ledger {
  readonly #name: string;
  #attempted = 0;
  #acknowledged = 0;
  #lost = 0;
  #reordered = 0;
  #lastVersion = "";

  constructor(name: string) {
    this.#name = name;
  }

  attempt(): void {
    this.#attempted += 1;
  }

  acknowledge(): void {
    this.#acknowledged += 1;
  }

  lose(): void {
    this.#lost += 1;
  }

  /** The version of a value as the API shows it: it never goes back. */
  sees(version: string): void {
    if (version < this.#lastVersion) this.#reordered += 1;
    else this.#lastVersion = version;
  }

  get counts() {
    return {
      attempted: this.#attempted,
      acknowledged: this.#acknowledged,
      lost: this.#lost,
      reordered: this.#reordered,
    };
  }

  print(): void {
    const { attempted, acknowledged, lost, reordered } = this.counts;
    process.stdout.write(
      `${this.#name}: attempted ${attempted}, acknowledged ${acknowledged}, lost ${lost}, reordered ${reordered}\n`,
    );
  }
}
