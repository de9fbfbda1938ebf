import type { DeviceModel, JsonValue, ReportedValue } from "@skerry/contracts";

const longest = 160;
const longestText = 24;

/** Reported values in one line, in the order of the model: `voltage=230.1V relay=true`. */
export function summarise(reported: ReadonlyMap<string, ReportedValue>, model: DeviceModel | undefined): string {
  const properties = model?.spec.properties ?? [...reported.keys()].sort().map((name) => ({ name, unit: undefined }));
  const words: string[] = [];
  for (const { name, unit } of properties) {
    const value = reported.get(name)?.value;
    if (value !== undefined) words.push(`${name}=${brief(value)}${typeof value === "number" ? (unit ?? "") : ""}`);
  }
  const line = words.join(" ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function brief(value: JsonValue): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = typeof value === "string" ? value.replace(/\s+/g, " ") : JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
