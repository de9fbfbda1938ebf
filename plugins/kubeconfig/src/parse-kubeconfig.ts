import { errorMessage } from "@skerry/plugin";
import { parse } from "yaml";

/** A piece of a connection, in the kubeconfig itself or in a file that it names. */
export type Source = { readonly text: string } | { readonly file: string };

/** What a kubeconfig says of one context. */
export interface KubeContext {
  readonly url: string;
  readonly ca: Source;
  readonly credentials:
    | { readonly type: "certificate"; readonly certificate: Source; readonly key: Source }
    | { readonly type: "token"; readonly token: Source };
}

type Json = Readonly<Record<string, unknown>>;

/** All else that is set, from skipped verification to programs that print tokens, is refused rather than ignored. */
const fieldsOfClusters = new Set([
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "disable-compression",
  "extensions",
]);
const fieldsOfUsers = new Set([
  "token",
  "tokenFile",
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "extensions",
]);

/** The context of a kubeconfig (the API `v1` of kind `Config`), or what is wrong with it. Pure. */
export function parseKubeconfig(text: string, context: string | undefined): KubeContext | string {
  let config: unknown;
  try {
    config = parse(text, { maxAliasCount: 10 });
  } catch (error) {
    return `it is no YAML: ${errorMessage(error).slice(0, 200)}`;
  }
  if (!isObject(config)) return "it is no object";
  const name = context ?? config["current-context"];
  if (typeof name !== "string" || name === "") return "it has no current-context, and the setting context names none";
  const chosen = named(config, "contexts", name, "context");
  if (typeof chosen === "string") return chosen;
  const cluster = named(config, "clusters", String(chosen["cluster"] ?? ""), "cluster");
  if (typeof cluster === "string") return cluster;
  const user = named(config, "users", String(chosen["user"] ?? ""), "user");
  if (typeof user === "string") return user;
  return assemble(cluster, user);
}

function assemble(cluster: Json, user: Json): KubeContext | string {
  const unsupported = unknownField(cluster, fieldsOfClusters) ?? unknownField(user, fieldsOfUsers);
  if (unsupported !== undefined) return `${unsupported} is not supported`;
  const url = cluster["server"];
  if (typeof url !== "string" || !URL.canParse(url) || !url.startsWith("https://"))
    return "server is not an https:// URL";
  const ca = source(cluster, "certificate-authority");
  if (ca === undefined) return "the cluster has neither certificate-authority nor certificate-authority-data";
  // A file wins over the token itself, as in kubectl: it may be renewed.
  const tokenFile = textOf(user, "tokenFile");
  const token = textOf(user, "token");
  const at = url.replace(/\/$/, "");
  if (tokenFile !== undefined) return { url: at, ca, credentials: { type: "token", token: { file: tokenFile } } };
  if (token !== undefined) return { url: at, ca, credentials: { type: "token", token: { text: token } } };
  const certificate = source(user, "client-certificate");
  const key = source(user, "client-key");
  if (certificate === undefined || key === undefined)
    return "the user has neither a token nor a client certificate with its key";
  return { url: at, ca, credentials: { type: "certificate", certificate, key } };
}

function named(config: Json, list: string, name: string, member: string): Json | string {
  const entries = config[list];
  const found: unknown = Array.isArray(entries)
    ? entries.find((entry: unknown) => isObject(entry) && entry["name"] === name)
    : undefined;
  const value = isObject(found) ? found[member] : undefined;
  return isObject(value) ? value : `${list} has no ${JSON.stringify(name.slice(0, 100))}`;
}

/** `<field>-data` holds base64 and wins over `<field>`, which names a file. */
function source(object: Json, field: string): Source | undefined {
  const data = textOf(object, `${field}-data`);
  if (data !== undefined) return { text: Buffer.from(data, "base64").toString("utf8") };
  const file = textOf(object, field);
  return file === undefined ? undefined : { file };
}

function textOf(object: Json, field: string): string | undefined {
  const value = object[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function unknownField(object: Json, known: ReadonlySet<string>): string | undefined {
  return Object.keys(object).find((field) => !known.has(field) && isSet(object[field]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
