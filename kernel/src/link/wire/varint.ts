/** Largest value: 2^53 - 1 in groups of seven bits, least significant first (LEB128). */
const longest = 8;

/** Appends an unsigned integer. */
export function writeVarint(target: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    target.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  target.push(rest);
}

/** Reads an unsigned integer; `undefined` when it is cut short, longer than needed, or beyond 2^53 - 1. */
export function readVarint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let factor = 1;
  for (let index = 0; index < longest; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      const isShortest = byte !== 0 || index === 0;
      return isShortest && Number.isSafeInteger(value) ? { value, end: start + index + 1 } : undefined;
    }
    factor *= 0x80;
  }
  return undefined;
}
