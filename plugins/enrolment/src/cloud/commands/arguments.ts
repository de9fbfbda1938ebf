import { type ParseArgsConfig, parseArgs } from "node:util";
import type { CommandCall } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";

/** `undefined` after it has said what is wrong: the command's exit code is 2. */
export function readArguments<const T extends NonNullable<ParseArgsConfig["options"]>>(
  call: CommandCall,
  usage: string,
  options: T,
) {
  try {
    return parseArgs({ args: [...call.arguments], options, allowPositionals: true, strict: true });
  } catch (error) {
    return wrong(call, usage, errorMessage(error));
  }
}

export function wrong(call: CommandCall, usage: string, problem: string): undefined {
  call.err(`${problem}\nusage: ${usage}\n`);
}

/** Seconds of `90s`, `30m`, `24h` or `7d`. */
export function seconds(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  return factor === undefined || Number(digits) === 0 ? undefined : Number(digits) * factor;
}

/** Columns as wide as their widest entry. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("   ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
