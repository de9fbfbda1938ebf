import type { DeviceConnection, DeviceProperty, JsonValue } from "@skerry/contracts";
import { abiLimits, abiVersion } from "./abi.ts";
import { durationMs } from "./duration.ts";
import { errors } from "./errors.ts";

/** What a guest learns when it starts. */
export interface MapperConfig {
  /** `namespace/name` of the Device. */
  readonly device: string;
  /** URLs that `open` accepts, by kind: `tcp` → `tcp://192.168.1.20:502`. */
  readonly grants: Readonly<Record<string, string>>;
  readonly connection: DeviceConnection;
  readonly properties: readonly DeviceProperty[];
}

const maximumDepth = 16;

/**
 * The flat text of the `start` event: one `path=value` a line. A property is known to the guest by its place in the list.
 * Throws `SKERRY_MAPPER_BAD_CONFIG` for what cannot be written so, `SKERRY_MAPPER_TOO_LONG` over 128 KiB.
 */
export function encodeConfig(config: MapperConfig): string {
  const lines: string[] = [`abi=${abiVersion}`, `device=${escapeValue(config.device)}`];
  flatten(lines, "grant", config.grants, 0);
  flatten(lines, "connection", config.connection, 0);
  lines.push(`properties=${config.properties.length}`);
  config.properties.forEach((property, index) => {
    const at = `property.${index}`;
    lines.push(
      `${at}.name=${escapeValue(property.name)}`,
      `${at}.type=${escapeValue(property.type)}`,
      `${at}.access=${escapeValue(property.access)}`,
      `${at}.every=${durationMs(property.every ?? "1s", `property ${property.name}, every`)}`,
    );
    if (property.minimum !== undefined) lines.push(`${at}.minimum=${property.minimum}`);
    if (property.maximum !== undefined) lines.push(`${at}.maximum=${property.maximum}`);
    flatten(lines, `${at}.visit`, property.visit, 0);
  });
  const text = `${lines.join("\n")}\n`;
  const found = Buffer.byteLength(text);
  if (found > abiLimits.configBytes) {
    throw errors.create("SKERRY_MAPPER_TOO_LONG", { what: "the configuration", found, limit: abiLimits.configBytes });
  }
  return text;
}

/** Reads the text back into paths and values, for traces and tests. */
export function decodeConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const match = /^((?:[^\\=]|\\.)*)=(.*)$/.exec(line);
    if (!match) throw errors.create("SKERRY_MAPPER_BAD_CONFIG", { where: line.slice(0, 40), problem: "no path=value" });
    values.set(match[1] ?? "", unescapeValue(match[2] ?? ""));
  }
  return values;
}

/** `null`, an empty object and an empty list have no line. */
function flatten(lines: string[], path: string, value: JsonValue | object | undefined, depth: number): void {
  if (value === undefined || value === null) return;
  if (depth > maximumDepth) {
    throw errors.create("SKERRY_MAPPER_BAD_CONFIG", { where: path, problem: `nested deeper than ${maximumDepth}` });
  }
  if (typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) flatten(lines, `${path}.${escapeKey(key)}`, inner, depth + 1);
    return;
  }
  lines.push(`${path}=${escapeValue(String(value))}`);
}

function escapeValue(text: string): string {
  return text.replace(/[\\\n\r]/g, (c) => (c === "\n" ? "\\n" : c === "\r" ? "\\r" : "\\\\"));
}

function escapeKey(text: string): string {
  return escapeValue(text).replace(/[=.]/g, (c) => `\\${c}`);
}

function unescapeValue(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c === "r" ? "\r" : c));
}
