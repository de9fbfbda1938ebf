/**
 * Which of two resourceVersions of one collection is newer: negative when it is the right one, 0 when they are the same,
 * `undefined` when that cannot be told. Relies on what Kubernetes promises since 1.35 (KEP-5504) and every earlier server
 * did: they are decimal numbers, of any length, that rise with every write.
 */
export function compareVersions(left: string | undefined, right: string | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left === right) return 0;
  if (!number.test(left) || !number.test(right)) return undefined;
  return left.length - right.length || (left < right ? -1 : 1);
}

const number = /^[1-9]\d*$/;

/** Whether what is known at one version includes what was there at another; `false` when that cannot be told. */
export function isAtLeast(version: string | undefined, other: string | undefined): boolean {
  return (compareVersions(version, other) ?? -1) >= 0;
}
