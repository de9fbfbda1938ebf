import { abiLimits, conditionStatuses, conditionTypes, type EffectImport, logLevels } from "./abi.ts";
import { errors } from "./errors.ts";

/** What a guest asked for in one call. Effects take place in order, after the call returned 0. */
export type MapperEffect =
  | { readonly type: "open"; readonly stream: number; readonly url: string }
  | { readonly type: "write"; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: "close"; readonly stream: number }
  /** A negative `ms` cancels. */
  | { readonly type: "timer"; readonly id: number; readonly ms: number }
  /** `value` is encoded: see `decodeValue`. */
  | { readonly type: "report"; readonly property: number; readonly value: Uint8Array }
  /** An empty reason ends the trouble. */
  | { readonly type: "trouble"; readonly property: number; readonly reason: string }
  | { readonly type: "settle"; readonly desire: number }
  | { readonly type: "reject"; readonly desire: number; readonly reason: string }
  | {
      readonly type: "condition";
      readonly condition: (typeof conditionTypes)[number];
      readonly status: (typeof conditionStatuses)[number];
      readonly reason: string;
      readonly message: string;
    }
  | { readonly type: "log"; readonly level: (typeof logLevels)[number]; readonly text: string }
  | { readonly type: "state"; readonly state: Uint8Array };

const looseText = new TextDecoder();

/**
 * Turns one call of an import into an effect. Copies what it points to, so that the guest may change its memory.
 * Throws `SKERRY_MAPPER_BAD_EFFECT` for pointers outside `memory` or unknown codes, `SKERRY_MAPPER_TOO_LONG` over a budget.
 *
 * @param stream the handle that `open` gives
 */
export function readEffect(
  effect: EffectImport,
  args: readonly number[],
  memory: Uint8Array,
  stream: number,
): MapperEffect {
  const [a = 0, b = 0, c = 0] = args;
  switch (effect) {
    case "open":
      return { type: effect, stream, url: looseText.decode(copyAt(effect, memory, a, b, abiLimits.urlBytes)) };
    case "write":
      return { type: effect, stream: a, bytes: copyAt(effect, memory, b, c, abiLimits.writeBytes) };
    case "close":
      return { type: effect, stream: a };
    case "timer":
      return { type: effect, id: a >>> 0, ms: b };
    case "report":
      return { type: effect, property: a, value: copyAt(effect, memory, b, c, abiLimits.valueBytes + 1) };
    case "trouble":
      return { type: effect, property: a, reason: textAt(effect, memory, b, c) };
    case "settle":
      return { type: effect, desire: a >>> 0 };
    case "reject":
      return { type: effect, desire: a >>> 0, reason: textAt(effect, memory, b, c) };
    case "condition":
      return condition(args, memory);
    case "log":
      return { type: effect, level: named(effect, "level", logLevels, a), text: textAt(effect, memory, b, c) };
    case "state":
      return { type: effect, state: copyAt(effect, memory, a, b, abiLimits.stateBytes) };
  }
}

function condition(args: readonly number[], memory: Uint8Array): MapperEffect {
  const [type = 0, status = 0, reasonAt = 0, reasonLength = 0, messageAt = 0, messageLength = 0] = args;
  const reason = textAt("condition", memory, reasonAt, reasonLength);
  if (!/^[A-Z][A-Za-z0-9]{0,63}$/.test(reason)) {
    throw bad("condition", `the reason must be a CamelCase word, found "${reason.slice(0, 40)}"`);
  }
  return {
    type: "condition",
    condition: named("condition", "type", conditionTypes, type),
    status: named("condition", "status", conditionStatuses, status),
    reason,
    message: textAt("condition", memory, messageAt, messageLength),
  };
}

function named<T extends string>(effect: string, what: string, names: readonly T[], code: number): T {
  const name = names[code];
  if (name === undefined) throw bad(effect, `${what} ${code} does not exist; expected 0 to ${names.length - 1}`);
  return name;
}

/** Text of any length within memory; only the first `textBytes` count, a broken character becomes U+FFFD. */
function textAt(effect: string, memory: Uint8Array, pointer: number, length: number): string {
  check(effect, memory, pointer, length, memory.length);
  const from = pointer >>> 0;
  return looseText.decode(memory.subarray(from, from + Math.min(length >>> 0, abiLimits.textBytes)));
}

function copyAt(effect: string, memory: Uint8Array, pointer: number, length: number, limit: number): Uint8Array {
  check(effect, memory, pointer, length, limit);
  const from = pointer >>> 0;
  return memory.slice(from, from + (length >>> 0));
}

function check(effect: string, memory: Uint8Array, pointer: number, length: number, limit: number): void {
  const from = pointer >>> 0;
  const count = length >>> 0;
  if (from + count > memory.length) {
    throw bad(effect, `${count} bytes at ${from} are not within its memory of ${memory.length} bytes`);
  }
  if (count > limit) {
    throw errors.create("SKERRY_MAPPER_TOO_LONG", { what: `an argument of ${effect}`, found: count, limit });
  }
}

function bad(effect: string, problem: string) {
  return errors.create("SKERRY_MAPPER_BAD_EFFECT", { effect, problem });
}
