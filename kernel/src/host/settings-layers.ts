import type { SettingSchema, SettingsSchema } from "@skerry/plugin";
import { isRecord } from "./json-shape.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Lays settings over each other, later ones on top; objects are merged, everything else replaced. */
export function mergeSettings(...layers: readonly unknown[]): unknown {
  return layers.reduce(lay, undefined);
}

function lay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  const merged = new Map(Object.entries(below));
  for (const [name, value] of Object.entries(above)) merged.set(name, lay(merged.get(name), value));
  return Object.fromEntries(merged);
}

/**
 * Settings from environment variables: `SKERRY_<PLUGIN>__<PATH>`, in capitals, with `_` for every other
 * character and `__` between the parts. `SKERRY_MQTT_AEDES__LISTEN__PORT=1884` sets `listen.port` of
 * `mqtt-aedes`. What does not parse as the setting's type, and variables of this plugin that name no
 * setting, are passed on, to be refused with everything else.
 *
 * @param schema of the plugin's manifest, which need not have been checked
 */
export function settingsFromEnvironment(
  plugin: string,
  schema: SettingsSchema | undefined,
  environment: Environment,
): unknown {
  const prefix = `SKERRY_${variable(plugin)}__`;
  const unused = new Set(Object.keys(environment).filter((key) => key.startsWith(prefix)));
  const found = fromVariables(schema?.properties, prefix, environment, unused) ?? {};
  const strange = [...unused].map((key) => [key, environment[key]] as const);
  const all = { ...found, ...Object.fromEntries(strange.filter(([, text]) => text !== undefined)) };
  return Object.keys(all).length > 0 ? all : undefined;
}

function fromVariables(
  properties: unknown,
  prefix: string,
  environment: Environment,
  unused: Set<string>,
): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(isRecord(properties) ? properties : {})) {
    if (!isRecord(schema)) continue;
    const key = `${prefix}${variable(name)}`;
    const text = environment[key];
    const whole = text === undefined ? undefined : parse(schema["type"] as SettingSchema["type"], text);
    const members = fromVariables(schema["properties"], `${key}__`, environment, unused);
    // Text that is no object stays, to be refused, whatever its members say.
    const value = whole === undefined || isRecord(whole) ? lay(whole, members) : whole;
    unused.delete(key);
    if (value !== undefined) found[name] = value;
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
    // null would count as "not set".
    return JSON.parse(text) ?? text;
  } catch {
    return text;
  }
}
