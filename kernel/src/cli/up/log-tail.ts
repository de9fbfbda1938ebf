const keptBytes = 4096;
const shownLines = 12;

/** The last lines of a stream of output. */
export class LogTail {
  #kept = "";

  add(chunk: Buffer): void {
    this.#kept = (this.#kept + chunk.toString("utf8")).slice(-keptBytes);
  }

  text(): string {
    return this.#kept
      .trimEnd()
      .split("\n")
      .slice(-shownLines)
      .map((line) => `    ${line}`)
      .join("\n");
  }
}
