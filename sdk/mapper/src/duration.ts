import { errors } from "./errors.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `100ms`, `1s`, `5m`, `1h` in milliseconds, at least 1. Throws `SKERRY_MAPPER_BAD_CONFIG`, naming `where`. */
export function durationMs(text: string, where: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(digits) * (unitMs[unit] ?? Number.NaN);
  if (!(ms >= 1 && ms <= 86_400_000)) {
    throw errors.create("SKERRY_MAPPER_BAD_CONFIG", {
      where,
      problem: `expected a duration from 1ms to 24h like 500ms, 1s or 5m, found "${text.slice(0, 40)}"`,
    });
  }
  return ms;
}
