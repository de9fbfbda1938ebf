import type { EventLog, JsonValue, LogPolicy, UplinkLog } from "@skerry/contracts";

/** Keeps what is appended, for a test to look at. Nothing is ever dropped. */
export class FakeUplinkLog implements UplinkLog {
  readonly policies = new Map<string, LogPolicy>();
  /** Every entry that was appended, in order. */
  readonly entries: { readonly type: string; readonly name: string; readonly value: JsonValue }[] = [];

  open(type: string, policy: LogPolicy): EventLog {
    this.policies.set(type, policy);
    const mine = () => this.entries.filter((entry) => entry.type === type);
    return {
      append: async (name, value) => {
        this.entries.push({ type, name, value: structuredClone(value) });
        return "kept";
      },
      status: () => ({ type, entries: mine().length, bytes: 0, dropped: 0, refused: 0 }),
    };
  }
}
