export interface FlightLimits {
  /** States on their way at once, of one type. */
  readonly statesInFlight: number;
  /** Their bytes, of all types together. */
  readonly bytesInFlight: number;
}

/** How much is on its way, and whether there is room for more. A type that is stuck leaves room for the others. */
export class FlightWindow {
  readonly #limits: FlightLimits;
  readonly #states = new Map<string, number>();
  #bytes = 0;

  constructor(limits: FlightLimits) {
    this.#limits = limits;
  }

  hasRoom(type: string, bytes: number): boolean {
    const { statesInFlight, bytesInFlight } = this.#limits;
    return (this.#states.get(type) ?? 0) < statesInFlight && this.#bytes + bytes <= bytesInFlight;
  }

  add(type: string, bytes: number): void {
    this.#states.set(type, (this.#states.get(type) ?? 0) + 1);
    this.#bytes += bytes;
  }

  remove(type: string, bytes: number): void {
    this.#states.set(type, (this.#states.get(type) ?? 0) - 1);
    this.#bytes -= bytes;
  }

  clear(): void {
    this.#states.clear();
    this.#bytes = 0;
  }
}
