import type { FieldError } from "../kinds.ts";
import type { ApiObject } from "../registry/api-object.ts";
import { deepEqual } from "../registry/deep-equal.ts";
import {
  forbiddenValue,
  invalidValue,
  labelProblem,
  notSupportedValue,
  requiredValue,
  subdomainProblem,
} from "../registry/names.ts";
import { checkSchema } from "../schema/structural-schema.ts";
import { type DefinitionSpec, type DefinitionVersion, isEstablished, specOf, statusOf } from "./definition.ts";

/** What a definition has to satisfy beyond its own schema (`apiextensions.k8s.io/v1`). */
export function validateDefinition(definition: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const spec = specOf(definition);
  return [
    ...validateNames(definition.metadata.name, spec),
    ...validateVersions(spec.versions),
    ...validateConversion(spec),
    ...(old === undefined ? [] : validateSuccession(spec, definition, old)),
  ];
}

function validateNames(name: string, { group, scope, names }: DefinitionSpec): readonly FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, value: string, problem: string | undefined) => {
    if (problem !== undefined) errors.push(invalidValue(field, value, problem));
  };
  if (name !== `${names.plural}.${group}`) check("metadata.name", name, 'must be spec.names.plural+"."+spec.group');
  check("spec.group", group, subdomainProblem(group));
  if (!group.includes(".")) check("spec.group", group, "should be a domain with at least one dot");
  if (scope !== "Cluster" && scope !== "Namespaced") {
    errors.push(notSupportedValue("spec.scope", scope, ["Cluster", "Namespaced"]));
  }
  check("spec.names.plural", names.plural, labelProblem(names.plural));
  check("spec.names.singular", names.singular ?? "", labelProblem(names.singular ?? ""));
  check("spec.names.kind", names.kind, labelProblem(names.kind.toLowerCase()));
  check("spec.names.listKind", names.listKind ?? "", labelProblem((names.listKind ?? "").toLowerCase()));
  if (names.kind === names.listKind) check("spec.names.listKind", names.kind, "kind and listKind may not be the same");
  for (const list of ["shortNames", "categories"] as const) {
    for (const [i, word] of (names[list] ?? []).entries()) check(`spec.names.${list}[${i}]`, word, labelProblem(word));
  }
  return errors;
}

function validateVersions(versions: readonly DefinitionVersion[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (versions.length === 0) return [requiredValue("spec.versions", "must have at least one version")];
  if (versions.filter((version) => version.storage).length !== 1) {
    const names = versions.map(({ name }) => name);
    errors.push(invalidValue("spec.versions", names, "must have exactly one version marked as storage version"));
  }
  const seen = new Set<string>();
  for (const [i, version] of versions.entries()) {
    const field = `spec.versions[${i}]`;
    const problem = labelProblem(version.name);
    if (problem !== undefined) errors.push(invalidValue(`${field}.name`, version.name, problem));
    if (seen.has(version.name)) errors.push(invalidValue(`${field}.name`, version.name, "must be unique"));
    seen.add(version.name);
    const schema = version.schema?.openAPIV3Schema;
    const at = `${field}.schema.openAPIV3Schema`;
    if (schema === undefined) errors.push(requiredValue(at, "schemas are required"));
    else errors.push(...checkSchema(schema).map((error) => ({ ...error, field: joined(at, error.field) })));
    for (const [k, column] of (version.additionalPrinterColumns ?? []).entries()) {
      if (column.jsonPath.startsWith(".") || column.jsonPath.startsWith("{")) continue;
      errors.push(
        invalidValue(`${field}.additionalPrinterColumns[${k}].jsonPath`, column.jsonPath, "must start with a dot"),
      );
    }
  }
  return errors;
}

function joined(base: string, field: string): string {
  if (field === "") return base;
  return field.startsWith("[") ? base + field : `${base}.${field}`;
}

function validateConversion(spec: DefinitionSpec): readonly FieldError[] {
  const errors: FieldError[] = [];
  const strategy = spec.conversion?.strategy ?? "None";
  if (strategy !== "None") errors.push(notSupportedValue("spec.conversion.strategy", strategy, ["None"]));
  if (spec.preserveUnknownFields === true) {
    const why = "must be false; use x-kubernetes-preserve-unknown-fields in the schema instead";
    errors.push(invalidValue("spec.preserveUnknownFields", true, why));
  }
  return errors;
}

function validateSuccession(spec: DefinitionSpec, definition: ApiObject, old: ApiObject): readonly FieldError[] {
  const before = specOf(old);
  const errors: FieldError[] = [];
  const fixed = (field: string, value: string, previous: string) => {
    if (value !== previous) errors.push(invalidValue(field, value, "field is immutable"));
  };
  fixed("spec.group", spec.group, before.group);
  fixed("spec.names.plural", spec.names.plural, before.names.plural);
  if (isEstablished(old)) {
    fixed("spec.scope", spec.scope, before.scope);
    fixed("spec.names.kind", spec.names.kind, before.names.kind);
  }
  const names = spec.versions.map(({ name }) => name);
  for (const stored of statusOf(definition).storedVersions ?? []) {
    if (names.includes(stored)) continue;
    const why = `must include ${stored}, which was a storage version and remains in status.storedVersions`;
    errors.push(invalidValue("spec.versions", names, why));
  }
  if (old.metadata.deletionTimestamp !== undefined && !deepEqual(definition["spec"], old["spec"])) {
    errors.push(forbiddenValue("spec", "cannot be changed while the definition is being deleted"));
  }
  return errors;
}
