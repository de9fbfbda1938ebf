import type { JsonValue } from "@skerry/contracts";

/** The log in which a node tells what happened to it. */
export const nodeEventLog = "node-event";

/** What an entry says; the name of the entry is the node's. */
export interface NodeEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase word, at most 128 characters. */
  readonly reason: string;
  /** At most 1,024 characters. */
  readonly message: string;
}

const longestReason = 128;
const longestMessage = 1_024;

/** The event in an entry, or what is wrong with it. */
export function parseNodeEvent(value: JsonValue): NodeEvent | string {
  if (typeof value !== "object" || value === null) return "expected an object";
  const { type, reason, message } = value as { readonly [key: string]: JsonValue };
  if (type !== "Normal" && type !== "Warning") return "expected Normal or Warning at type";
  if (typeof reason !== "string" || !/^[A-Z][A-Za-z]*$/.test(reason) || reason.length > longestReason) {
    return "expected a CamelCase word at reason";
  }
  if (typeof message !== "string" || message.length > longestMessage) {
    return `expected text of at most ${longestMessage} characters at message`;
  }
  return { type, reason, message };
}
