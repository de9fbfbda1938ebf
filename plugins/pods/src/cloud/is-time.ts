const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether it is a moment as RFC 3339 writes it. */
export function isTime(value: unknown): boolean {
  return typeof value === "string" && rfc3339.test(value) && !Number.isNaN(Date.parse(value));
}
