import { budgets } from "./budgets.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Parses a JSON body within a budget; `undefined` when it is too long, too deep, not UTF-8 or not JSON. */
export function parseBody(bytes: Uint8Array, limit: number): unknown {
  if (bytes.length > limit || isTooDeep(bytes)) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Counts brackets outside strings: later code walks values recursively and must not be made to overflow. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > budgets.jsonDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}
