import type { DesiredValue } from "@skerry/contracts";

/**
 * Which of two desired values of one property stands. The same on both sides of the link, and whichever
 * way round they are given: the higher version wins; of one version a settled state wins over `pending`,
 * and the later of two settled states.
 */
export function mergeDesired(a: DesiredValue, b: DesiredValue): DesiredValue {
  if (a.version !== b.version) return beats(b, a) ? b : a;
  const settled = Number(b.state !== "pending") - Number(a.state !== "pending");
  if (settled !== 0) return settled > 0 ? b : a;
  if (a.at !== b.at) return b.at > a.at ? b : a;
  return b.state > a.state ? b : a;
}

/** Whether `a` wins over `b`, which has another version. */
function beats(a: DesiredValue, b: DesiredValue): boolean {
  const overruled = a.overrules !== undefined && a.overrules >= b.version;
  const overrules = b.overrules !== undefined && b.overrules >= a.version;
  return overruled === overrules ? a.version > b.version : overruled;
}
