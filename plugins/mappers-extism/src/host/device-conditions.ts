import type { TwinCondition } from "@skerry/contracts";

type Ready = Pick<TwinCondition, "status" | "reason" | "message">;

const namedTroubles = 5;

/**
 * Puts the Device's two conditions together: `Connected` is the guest's word; `MapperReady` is False when the guest does
 * not run, says so itself, or has trouble with a property. Says each thing once.
 */
export class DeviceConditions {
  readonly #say: (condition: TwinCondition) => void;
  readonly #said = new Map<string, string>();
  readonly #troubles = new Map<string, string>();
  #guestSays: Ready | undefined;
  #isRunning = false;

  constructor(say: (condition: TwinCondition) => void) {
    this.#say = say;
  }

  /** A guest starts: nothing is known of the device yet, and earlier troubles are its predecessor's. */
  running(): void {
    this.#isRunning = true;
    this.#troubles.clear();
    this.#guestSays = undefined;
    this.#tell({ type: "Connected", status: "Unknown", reason: "Starting", message: "the mapper is connecting" });
    this.#tellReady();
  }

  notRunning(reason: string, message: string): void {
    this.#isRunning = false;
    this.#tell({ type: "MapperReady", status: "False", reason, message });
    this.#tell({
      type: "Connected",
      status: "Unknown",
      reason: "MapperNotRunning",
      message: "the mapper does not run",
    });
  }

  connected(condition: Ready): void {
    this.#tell({ type: "Connected", ...condition });
  }

  /** What the guest, or the host on its behalf, says of its readiness; True takes it back. */
  ready(condition: Ready): void {
    this.#guestSays = condition.status === "True" ? undefined : condition;
    this.#tellReady();
  }

  /** An empty reason ends the trouble. */
  trouble(property: string, reason: string): void {
    if (reason === "" ? !this.#troubles.delete(property) : this.#troubles.get(property) === reason) return;
    if (reason !== "") this.#troubles.set(property, reason);
    this.#tellReady();
  }

  #tellReady(): void {
    if (!this.#isRunning) return;
    this.#tell({ type: "MapperReady", ...(this.#guestSays ?? this.#fromTroubles()) });
  }

  #fromTroubles(): Ready {
    if (this.#troubles.size === 0) return { status: "True", reason: "Running", message: "the mapper runs" };
    const named = [...this.#troubles].slice(0, namedTroubles).map(([property, reason]) => `${property}: ${reason}`);
    const rest = this.#troubles.size - named.length;
    const message = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
    return { status: "False", reason: "PropertiesFailing", message };
  }

  #tell(condition: TwinCondition): void {
    const text = `${condition.status} ${condition.reason} ${condition.message}`;
    if (this.#said.get(condition.type) === text) return;
    this.#said.set(condition.type, text);
    this.#say(condition);
  }
}
