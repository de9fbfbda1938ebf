import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { longestSelector, selectorError } from "./errors.ts";

/** Fields whose name is not the path of what they select. */
const aliases: Readonly<Record<string, string>> = { source: "source.component" };

/**
 * Reads a field selector of the Kubernetes API (`=`, `==`, `!=`, joined by commas; `\` escapes). An empty one selects
 * everything. An absent field is the empty string, a boolean or number its text.
 *
 * @param supported the fields that the kind declares, as dotted paths
 * @throws `SKERRY_KUBE_EMBEDDED_SELECTOR` (invalid)
 */
export function parseFieldSelector(
  text: string,
  supported: readonly string[] = ["metadata.name", "metadata.namespace"],
): (object: JsonObject) => boolean {
  if (text.length > longestSelector) throw selectorError("field", text, `it is longer than ${longestSelector}`);
  const terms = text.match(/(?:\\[\s\S]|[^\\,])+/g) ?? [];
  const requirements = terms.map((term) => requirementOf(term, text, supported));
  return (object) => requirements.every((holds) => holds(object));
}

function requirementOf(term: string, text: string, supported: readonly string[]): (object: JsonObject) => boolean {
  const [, rawField = "", operator, rawValue = ""] = /^([^=!]*?)(==|!=|=)((?:\\[\s\S]|[^\\])*)$/.exec(term) ?? [];
  const field = rawField.trim();
  if (operator === undefined || field === "") throw selectorError("field", text, `${JSON.stringify(term)} is no term`);
  if (!supported.includes(field)) throw selectorError("field", text, `field label not supported: ${field}`);
  if (/(^|[^\\])(\\\\)*=/.test(rawValue))
    throw selectorError("field", text, `unescaped = in ${JSON.stringify(rawValue)}`);
  const value = unescaped(rawValue, text);
  const path = (Object.hasOwn(aliases, field) ? aliases[field] : undefined) ?? field;
  const segments = path.split(".");
  return (object) => (textAt(object, segments) === value) === (operator !== "!=");
}

function unescaped(value: string, text: string): string {
  return value.replace(/\\([\s\S])/g, (_, char: string) => {
    if (char === "\\" || char === "," || char === "=") return char;
    throw selectorError("field", text, `invalid escape \\${char}`);
  });
}

function textAt(object: JsonObject, path: readonly string[]): string {
  let value: JsonValue | undefined = object;
  for (const name of path) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
