import type { FieldError } from "../kinds.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const qualifiedPart = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

const labelPattern = new RegExp(`^${label}$`);
const subdomainPattern = new RegExp(`^${subdomain}$`);
const qualifiedPattern = new RegExp(`^${qualifiedPart}$`);
const labelValuePattern = new RegExp(`^(${qualifiedPart})?$`);
const configKeyPattern = /^[-._a-zA-Z0-9]+$/;

/** What is wrong with a value as an RFC 1123 label; `undefined` when nothing is. */
export function labelProblem(value: string): string | undefined {
  if (value.length > 63) return "must be no more than 63 characters";
  if (labelPattern.test(value)) return undefined;
  return (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
    `an alphanumeric character (e.g. 'my-name', or '123-abc', regex used for validation is '${label}')`
  );
}

/** What is wrong with a value as an RFC 1123 subdomain. */
export function subdomainProblem(value: string): string | undefined {
  if (value.length > 253) return "must be no more than 253 characters";
  if (subdomainPattern.test(value)) return undefined;
  return (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
    `end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`
  );
}

/** What is wrong with the key of a label or annotation, or a finalizer: `[prefix/]name`. */
export function qualifiedNameProblem(value: string): string | undefined {
  const parts = value.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) return "a qualified name must be [prefix/]name with at most one '/'";
  if (parts.length === 2 && parts[0] === "") return "prefix part must be non-empty";
  const prefixProblem = parts.length === 2 ? subdomainProblem(parts[0] ?? "") : undefined;
  if (prefixProblem !== undefined) return `prefix part ${prefixProblem}`;
  if (name === "") return "name part must be non-empty";
  if (name.length > 63) return "name part must be no more than 63 characters";
  if (qualifiedPattern.test(name)) return undefined;
  return (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
    `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPart}')`
  );
}

export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return "must be no more than 63 characters";
  if (labelValuePattern.test(value)) return undefined;
  return (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
    `end with an alphanumeric character (regex used for validation is '(${qualifiedPart})?')`
  );
}

/** What is wrong with a key of a ConfigMap or Secret. */
export function configKeyProblem(value: string): string | undefined {
  if (value.length > 253) return "must be no more than 253 characters";
  if (value === "." || value === ".." || value.startsWith("..")) return "must not be '.', '..' or start with '..'";
  if (configKeyPattern.test(value)) return undefined;
  return (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
    `(regex used for validation is '${configKeyPattern.source.slice(1, -1)}')`
  );
}

/** A field error in the wording of Kubernetes: `Invalid value: "x": why`. */
export function invalidValue(field: string, value: unknown, why: string): FieldError {
  return { field, reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value) ?? "null"}: ${why}` };
}

export function requiredValue(field: string, why = ""): FieldError {
  return { field, reason: "FieldValueRequired", message: `Required value${why === "" ? "" : `: ${why}`}` };
}

export function forbiddenValue(field: string, why: string): FieldError {
  return { field, reason: "FieldValueForbidden", message: `Forbidden: ${why}` };
}

export function notSupportedValue(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((it) => JSON.stringify(it)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { field, reason: "FieldValueNotSupported", message };
}
