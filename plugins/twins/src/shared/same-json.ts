/** Whether two JSON values are equal; the order of an object's keys does not count, `undefined` members do not either. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index]));
  }
  const left = new Map(members(a));
  const right = members(b);
  return left.size === right.length && right.every(([key, value]) => left.has(key) && sameJson(left.get(key), value));
}

function members(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
