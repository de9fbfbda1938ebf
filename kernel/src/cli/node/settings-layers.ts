import { readFile } from "node:fs/promises";
import { errorCode, errorMessage } from "@skerry/plugin";
import { type Document, parseDocument } from "yaml";
import { errors } from "../errors.ts";

/** What a node's `settings.yaml` says: its name, and settings by plugin over those of the profile. */
export interface SettingsFile {
  readonly node?: string;
  readonly plugins: Readonly<Record<string, unknown>>;
}

const empty: SettingsFile = { plugins: {} };
const maximumBytes = 1024 * 1024;

/** Reads `settings.yaml`. A file that does not exist is an empty one, unless it was asked for by name. */
export async function readSettingsFile(file: string, mustExist: boolean): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT" && !mustExist) return empty;
    throw errors.create("SKERRY_CLI_BAD_FILE", { file, problem: errorMessage(cause) }, cause);
  }
  return parseSettingsFile(file, text);
}

/** Pure. Refuses broken YAML, with its line, and fields that do not exist. */
export function parseSettingsFile(file: string, text: string): SettingsFile {
  const refuse = (problem: string) => errors.create("SKERRY_CLI_BAD_FILE", { file, problem });
  if (text.length > maximumBytes) throw refuse(`longer than ${maximumBytes} bytes`);
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken) throw refuse(broken.message.trim());
  const value = plain(document, (problem) => refuse(problem));
  if (value === null || value === undefined) return empty;
  if (!isRecord(value)) throw refuse(`expected fields (node, plugins), found ${typeof value}`);
  for (const field of Object.keys(value)) {
    if (field !== "node" && field !== "plugins") throw refuse(`unknown field "${field}"; expected node or plugins`);
  }
  const { node, plugins = {} } = value;
  if (node !== undefined && typeof node !== "string") throw refuse("node: expected a name");
  if (!isRecord(plugins)) throw refuse("plugins: expected fields, one per plugin id");
  return { plugins, ...(node === undefined ? {} : { node }) };
}

/** `--set io-net.connectTimeoutMs=1000`: the plugin's id, the path, and a YAML scalar. */
export function parseSet(assignment: string): SettingsFile {
  const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(assignment);
  const [, plugin, path, text] = match ?? [];
  if (plugin === undefined || path === undefined || text === undefined) {
    throw errors.create("SKERRY_CLI_USAGE", { problem: `--set takes PLUGIN.PATH=VALUE, not ${assignment}` });
  }
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw errors.create("SKERRY_CLI_USAGE", { problem: `--set ${assignment}: bad value` });
  const bad = (problem: string) => errors.create("SKERRY_CLI_USAGE", { problem: `--set ${assignment}: ${problem}` });
  const nested = path.split(".").reduceRight<unknown>((value, key) => ({ [key]: value }), plain(document, bad));
  return { plugins: { [plugin]: nested } };
}

/** The values of a document. Too many aliases, those of nothing and those of themselves are refused. */
function plain(document: Document, refuse: (problem: string) => Error): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    // Settings are data: what contains itself is none.
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  } catch (cause) {
    throw refuse(errorMessage(cause).split("\n")[0] ?? "");
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
