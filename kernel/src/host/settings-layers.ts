import type { SettingSchema, SettingsSchema } from "@skerry/plugin";
import { isRecord } from "./json-shape.ts";

/** Lays settings over each other, later ones on top; objects are merged, everything else replaced. */
export function mergeSettings(...layers: readonly unknown[]): unknown {
  return layers.reduce(lay, undefined);
}

function lay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) merged[name] = lay(merged[name], value);
  return merged;
}

/**
 * Settings from environment variables: `SKERRY_<PLUGIN>__<PATH>`, in capitals, with `_` for every other
 * character and `__` between the parts. `SKERRY_MQTT_AEDES__LISTEN__PORT=1884` sets `listen.port` of
 * `mqtt-aedes`. Text that does not parse as the setting's type is passed on and refused with the others.
 */
export function settingsFromEnvironment(
  plugin: string,
  schema: SettingsSchema | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  return schema && fromVariables(schema.properties, `SKERRY_${variable(plugin)}`, environment);
}

function fromVariables(
  properties: Readonly<Record<string, SettingSchema>>,
  prefix: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const key = `${prefix}__${variable(name)}`;
    const text = environment[key];
    if (text !== undefined) found[name] = parse(schema.type, text);
    else if (schema.properties) {
      const members = fromVariables(schema.properties, key, environment);
      if (members) found[name] = members;
    }
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** `connectTimeoutMs` → `CONNECT_TIMEOUT_MS`, `twins/edge` → `TWINS_EDGE` */
function variable(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]/g, "_")
    .toUpperCase();
}

function parse(type: SettingSchema["type"], text: string): unknown {
  if (type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
