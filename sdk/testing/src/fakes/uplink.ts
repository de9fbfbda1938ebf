import type { JsonValue, Uplink, UplinkKey } from "@skerry/contracts";

/** An uplink whose other end is the test: every put is safe at once, unless it is told to fail. */
export class FakeUplink implements Uplink {
  /** Every state that was put, in order. */
  readonly puts: { readonly key: UplinkKey; readonly value: JsonValue }[] = [];
  readonly #waiting = new Map<string, { readonly key: UplinkKey; readonly value: JsonValue }>();
  #failures: unknown[] = [];
  #receive: ((key: UplinkKey, value: JsonValue) => void) | undefined;

  async put(key: UplinkKey, value: JsonValue): Promise<void> {
    const failure = this.#failures.shift();
    if (failure !== undefined) throw failure;
    // What travels is JSON: later changes of the value must not show.
    const copy = structuredClone(value);
    this.puts.push({ key, value: copy });
    this.#waiting.set(`${key.type}/${key.name}`, { key, value: copy });
    this.#receive?.(key, copy);
  }

  async forget(key: UplinkKey): Promise<void> {
    this.#waiting.delete(`${key.type}/${key.name}`);
  }

  pending(): number {
    return this.#waiting.size;
  }

  /** The newest state of a key that was neither acknowledged nor forgotten. */
  latest(type: string, name: string): JsonValue | undefined {
    return this.#waiting.get(`${type}/${name}`)?.value;
  }

  /** There is a link: the other end gets what waits, and each state as it is put. */
  connect(receive: (key: UplinkKey, value: JsonValue) => void): void {
    this.#receive = receive;
    for (const { key, value } of this.#waiting.values()) receive(key, value);
  }

  disconnect(): void {
    this.#receive = undefined;
  }

  /** The cloud acknowledges everything. */
  acknowledgeAll(): void {
    this.#waiting.clear();
  }

  /** The next put fails with this. */
  failNext(error: unknown): void {
    this.#failures = [...this.#failures, error];
  }
}
