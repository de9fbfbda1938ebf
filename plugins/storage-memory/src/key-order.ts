/**
 * Orders strings by their UTF-8 bytes, which is the order of their code points. JavaScript's `<` compares
 * UTF-16 units and puts surrogate pairs (from U+10000) before U+E000 to U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      const bothHigh = left >= 0xd800 && right >= 0xd800;
      return bothHigh ? rank(left) - rank(right) : left - right;
    }
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the basic plane. */
function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
