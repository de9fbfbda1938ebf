/** Whether a value is as it should be. */
export type Check = (value: unknown) => boolean;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isText: Check = (value) => typeof value === "string";
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
export const isTruth: Check = (value) => typeof value === "boolean";
export const isAmount: Check = (value) => typeof value === "string" || typeof value === "number";
export const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
export const among =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(String(value));
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

/** Members that are there must fit; those marked `!` must be there. Others are the table of supported fields' to judge. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members).map(
    ([name, check]) => [name.replace("!", ""), name.endsWith("!"), check] as const,
  );
  return (value) =>
    isObject(value) &&
    checks.every(([name, isRequired, check]) =>
      value[name] === undefined || value[name] === null ? !isRequired : check(value[name]),
    );
}
