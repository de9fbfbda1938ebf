import type { ReportedCondition } from "../shared/twin-report.ts";

/** The conditions of one twin as this node sees them, and which of its properties report what does not fit. */
export class TwinConditions {
  readonly #conditions = new Map<ReportedCondition["type"], ReportedCondition>();
  readonly #refused = new Map<string, string>();
  #refusals = 0;

  /** How many reported values were refused since the start. */
  get refusals(): number {
    return this.#refusals;
  }

  get(type: ReportedCondition["type"]): ReportedCondition | undefined {
    return this.#conditions.get(type);
  }

  list(): readonly ReportedCondition[] {
    return [...this.#conditions.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  /** @returns whether this changed anything */
  set({ type, status, reason, message }: ReportedCondition): boolean {
    const old = this.#conditions.get(type);
    if (old?.status === status && old.reason === reason && old.message === message) return false;
    this.#conditions.set(type, { type, status, reason, message });
    return true;
  }

  /** A report was refused. @returns whether a condition changed */
  refuse(property: string, reason: string): boolean {
    this.#refusals += 1;
    this.#refused.set(property, reason);
    return this.#judge();
  }

  /** A property reports what fits, or is no more. @returns whether a condition changed */
  accept(property: string): boolean {
    return this.#refused.delete(property) && this.#judge();
  }

  #judge(): boolean {
    const message = [...this.#refused].map(([property, reason]) => `${property}: ${reason}`).join("; ");
    return message === ""
      ? this.set({ type: "ValuesValid", status: "True", reason: "ValuesFit", message: "" })
      : this.set({ type: "ValuesValid", status: "False", reason: "ReportRefused", message: message.slice(0, 1_000) });
  }
}
