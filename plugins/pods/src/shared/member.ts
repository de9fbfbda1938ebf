type Json = Readonly<Record<string, unknown>>;

/** Objects of an API may hold anything anywhere: these take what is of the expected type, and no more. */
export function objectAt(value: unknown, ...path: readonly string[]): Json {
  const found = path.reduce<unknown>((at, field) => (isObject(at) ? at[field] : undefined), value);
  return isObject(found) ? found : {};
}

export function objectsIn(value: unknown, field: string): readonly Json[] {
  const list = objectAt(value)[field];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const field = path.at(-1) ?? "";
  const found = objectAt(value, ...path.slice(0, -1))[field];
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
