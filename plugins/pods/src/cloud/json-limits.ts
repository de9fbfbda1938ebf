import type { JsonValue } from "@skerry/contracts";

/** What one report may hold: many times what a Pod with many containers has. */
export const reportLimits = {
  /** As JSON. */
  bytes: 256 * 1024,
  /** Of one text, in characters. */
  text: 8 * 1024,
  /** Members of one list or object. */
  members: 256,
  depth: 12,
} as const;

/** Where a JSON value is larger than a limit, in words. */
export function excess(value: JsonValue, limits: typeof reportLimits = reportLimits): string | undefined {
  const found = excessAt(value, "", limits.depth, limits);
  if (found !== undefined) return found;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes > limits.bytes ? `${bytes} bytes, expected at most ${limits.bytes}` : undefined;
}

function excessAt(value: JsonValue, path: string, depth: number, limits: typeof reportLimits): string | undefined {
  if (typeof value === "string") {
    return value.length > limits.text ? `expected at most ${limits.text} characters at ${path}` : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === 0) return `expected no more nesting at ${path.slice(0, 200)}`;
  const members = Object.entries(value);
  if (members.length > limits.members) return `expected at most ${limits.members} members at ${path}`;
  for (const [key, member] of members) {
    if (key.length > 256) return `expected no longer name than 256 characters at ${path}`;
    const found = excessAt(member, path === "" ? key : `${path}.${key}`, depth - 1, limits);
    if (found !== undefined) return found;
  }
  return undefined;
}
