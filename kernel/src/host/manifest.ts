import type { Capability, Manifest, SkerryError } from "@skerry/plugin";
import { errors } from "./errors.ts";
import { describeValue, isRecord } from "./json-shape.ts";

const capabilities: readonly Capability[] = ["net.connect", "net.listen", "fs.read", "fs.write", "process.spawn"];
const pluginId = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/;
const contractId = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\/\d+$/;

type Check = (value: unknown) => string | undefined;

const matching =
  (pattern: RegExp, expected: string): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : expected;
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value)
      ? value.map(item).find((problem) => problem !== undefined) && `a list, each ${value.map(item).find(Boolean)}`
      : "a list";
const contracts = listOf(matching(contractId, "`<area>.<name>/<major>`"));

const fields: Readonly<Record<string, { readonly required?: true; readonly check: Check }>> = {
  id: { required: true, check: matching(pluginId, "`<role>-<technology>` or `<role>/<half>`") },
  summary: { required: true, check: matching(/\S/, "a sentence") },
  sdk: { required: true, check: matching(/\S/, "a semver range") },
  provides: { check: contracts },
  requires: { check: contracts },
  optional: { check: contracts },
  extensionPoints: { check: contracts },
  contributes: { check: contracts },
  capabilities: {
    check: listOf((value) =>
      capabilities.some((known) => known === value) ? undefined : `one of ${capabilities.join(", ")}`,
    ),
  },
  settings: { check: (value) => (isRecord(value) && isRecord(value["properties"]) ? undefined : "{properties: {…}}") },
  essential: { check: (value) => (typeof value === "boolean" ? undefined : "true or false") },
  startWithinMs: {
    check: (value) => (Number.isInteger(value) && Number(value) > 0 ? undefined : "a positive number of milliseconds"),
  },
  supports: {
    check: (value) =>
      isRecord(value) && Object.values(value).every((flag) => typeof flag === "boolean")
        ? undefined
        : "true or false by feature",
  },
};

export type ManifestResult = { readonly manifest: Manifest } | { readonly problems: readonly SkerryError[] };

/** Reads a `plugin.json` as unknown data. Unknown fields are refused: a misspelt one must not pass as absent. */
export function readManifest(source: unknown): ManifestResult {
  const plugin = isRecord(source) && typeof source["id"] === "string" ? source["id"] : "a plugin without id";
  const refuse = (path: string, expected: string, value: unknown) =>
    errors.create("SKERRY_BOOT_BAD_MANIFEST", { plugin, path, expected, found: describeValue(value) });
  if (!isRecord(source)) return { problems: [refuse("/", "an object", source)] };
  const problems: SkerryError[] = [];
  for (const [name, { required, check }] of Object.entries(fields)) {
    const value = source[name];
    if (value === undefined && !required) continue;
    const expected = check(value);
    if (expected !== undefined) problems.push(refuse(name, expected, value));
  }
  for (const name of Object.keys(source)) {
    if (!Object.hasOwn(fields, name))
      problems.push(refuse(name, `one of ${Object.keys(fields).join(", ")}`, "this field"));
  }
  return problems.length > 0 ? { problems } : { manifest: source as unknown as Manifest };
}
