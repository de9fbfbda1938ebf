import type { Capability, Manifest, SkerryError } from "@skerry/plugin";
import { errors } from "./errors.ts";
import { describeValue, isRecord } from "./json-shape.ts";
import type { SettingProblem } from "./settings.ts";
import { checkSettingsSchema } from "./settings-schema.ts";

const capabilities: readonly Capability[] = ["net.connect", "net.listen", "fs.read", "fs.write", "process.spawn"];
const pluginId = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/;
const contractId = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\/\d+$/;
/** Longest deadline of a start: a day. */
const longestStartMs = 86_400_000;

type Check = (value: unknown, path: string) => readonly SettingProblem[];

const expecting =
  (expected: string, fits: (value: unknown) => boolean): Check =>
  (value, path) =>
    fits(value) ? [] : [{ path, expected, found: describeValue(value) }];
const matching = (pattern: RegExp, expected: string) =>
  expecting(expected, (value) => typeof value === "string" && pattern.test(value));
const listOf =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [{ path, expected: "a list", found: describeValue(value) }];
    return value.flatMap((member: unknown, index) => {
      const at = `${path}[${index}]`;
      const repeated = value.indexOf(member) < index;
      return repeated ? [{ path: at, expected: "each once", found: describeValue(member) }] : item(member, at);
    });
  };
const contracts = listOf(matching(contractId, "`<area>.<name>/<major>`"));

const fields: Readonly<Record<keyof Manifest, { readonly required?: true; readonly check: Check }>> = {
  id: { required: true, check: matching(pluginId, "`<role>-<technology>` or `<role>/<half>`") },
  summary: { required: true, check: matching(/\S/, "a sentence") },
  sdk: { required: true, check: matching(/\S/, "a semver range") },
  provides: { check: contracts },
  requires: { check: contracts },
  optional: { check: contracts },
  extensionPoints: { check: contracts },
  contributes: { check: contracts },
  capabilities: {
    check: listOf(
      expecting(`one of ${capabilities.join(", ")}`, (value) => capabilities.some((known) => known === value)),
    ),
  },
  settings: { check: checkSettingsSchema },
  essential: { check: expecting("true or false", (value) => typeof value === "boolean") },
  startWithinMs: {
    check: expecting(
      `whole milliseconds, 1 to ${longestStartMs}`,
      (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) <= longestStartMs,
    ),
  },
  supports: {
    check: expecting(
      "true or false by feature",
      (value) => isRecord(value) && Object.values(value).every((flag) => typeof flag === "boolean"),
    ),
  },
};

export type ManifestResult = { readonly manifest: Manifest } | { readonly problems: readonly SkerryError[] };

/** Reads a `plugin.json` as unknown data. Unknown fields are refused: a misspelt one must not pass as absent. */
export function readManifest(source: unknown): ManifestResult {
  const plugin = isRecord(source) && typeof source["id"] === "string" ? source["id"] : "a plugin without id";
  const refuse = (problem: SettingProblem) => errors.create("SKERRY_BOOT_BAD_MANIFEST", { plugin, ...problem });
  if (!isRecord(source))
    return { problems: [refuse({ path: "/", expected: "an object", found: describeValue(source) })] };
  const problems: SkerryError[] = [];
  for (const [name, { required, check }] of Object.entries(fields)) {
    const value = source[name];
    if (value === undefined && !required) continue;
    problems.push(...check(value, name).map(refuse));
  }
  const known = Object.keys(fields).join(", ");
  for (const name of Object.keys(source)) {
    if (Object.hasOwn(fields, name)) continue;
    problems.push(refuse({ path: name, expected: `one of ${known}`, found: "this field" }));
  }
  return problems.length > 0 ? { problems } : { manifest: source as unknown as Manifest };
}
