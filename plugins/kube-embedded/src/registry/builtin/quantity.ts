import type { JsonValue } from "../../kinds.ts";

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const form = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE]?)|[eE]([+-]?\d+))$/;

export const quantityForm = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

/** The number that a quantity such as `100m`, `16Mi` or `1e3` stands for; `undefined` for what is none. */
export function quantityOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  const [, digits, suffix = "", exponent] = form.exec(typeof value === "string" ? value : "") ?? [];
  if (digits === undefined) return undefined;
  return exponent === undefined ? Number(digits) * (suffixes[suffix] ?? 1) : Number(`${digits}e${exponent}`);
}
