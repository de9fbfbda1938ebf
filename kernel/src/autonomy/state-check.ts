import { type JsonValue, type UplinkKey, uplinkErrors } from "@skerry/contracts";

export interface StateLimits {
  /** The value of a state, as JSON. */
  readonly stateBytes: number;
  /** `type/name`. */
  readonly keyBytes: number;
  /** Nesting of the value. */
  readonly jsonDepth: number;
}

/**
 * The JSON text of a state that storage and cloud will both take. What they would not take is refused
 * here, to its author: further on it would hold up every other state.
 */
export function checkedText({ type, name }: UplinkKey, value: JsonValue, limits: StateLimits): string {
  if (!/^[a-z][a-z0-9-]*$/.test(type)) throw uplinkErrors.create("SKERRY_LINK_BAD_TYPE", { type });
  if (name === "" || /\p{Surrogate}/u.test(name) || Buffer.byteLength(`${type}/${name}`) > limits.keyBytes) {
    throw uplinkErrors.create("SKERRY_LINK_BAD_NAME", { type, name: name.slice(0, 100), limit: limits.keyBytes });
  }
  if (isDeeperThan(value, limits.jsonDepth)) {
    throw uplinkErrors.create("SKERRY_LINK_TOO_DEEP", { type, name, limit: limits.jsonDepth });
  }
  const text = JSON.stringify(value) ?? "null";
  const bytes = Buffer.byteLength(text);
  const limit = limits.stateBytes;
  if (bytes > limit) throw uplinkErrors.create("SKERRY_LINK_TOO_LARGE", { type, name, bytes, limit });
  return text;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
