import { type ApiObject, withMember } from "../registry/api-object.ts";
import { builtInKind } from "../registry/builtin/built-in-kind.ts";
import {
  anything,
  condition,
  int32,
  kindSchema,
  listByKey,
  listOf,
  record,
  text,
  truth,
} from "../registry/builtin/schema-parts.ts";
import { statusInto } from "../registry/strategy.ts";
import { compileSchema } from "../schema/structural-schema.ts";
import { type DefinitionNames, specOf } from "./definition.ts";
import { establish, terminating } from "./definition-status.ts";
import { validateDefinition } from "./definition-validation.ts";

const names = record(
  { plural: text, singular: text, kind: text, listKind: text, shortNames: listOf(text), categories: listOf(text) },
  { required: ["plural", "kind"] },
);

const version = record(
  {
    name: text,
    served: truth,
    storage: truth,
    deprecated: truth,
    deprecationWarning: text,
    // A schema describes itself recursively: its form is checked by the rules for structural schemas.
    schema: record({ openAPIV3Schema: anything }),
    subresources: record({
      status: anything,
      scale: record(
        { specReplicasPath: text, statusReplicasPath: text, labelSelectorPath: text },
        { required: ["specReplicasPath", "statusReplicasPath"] },
      ),
    }),
    additionalPrinterColumns: listOf(
      record(
        { name: text, type: text, format: text, description: text, priority: int32, jsonPath: text },
        { required: ["name", "type", "jsonPath"] },
      ),
    ),
    selectableFields: listOf(record({ jsonPath: text }, { required: ["jsonPath"] })),
  },
  { required: ["name", "served", "storage"] },
);

export const definitionKind = builtInKind({
  group: "apiextensions.k8s.io",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  shortNames: ["crd", "crds"],
  namespaced: false,
  hasStatus: true,
  schema: kindSchema(
    "CustomResourceDefinition represents a resource that should be exposed on the API server.",
    {
      spec: record(
        {
          group: text,
          names,
          scope: text,
          versions: listOf(version),
          conversion: record({ strategy: text, webhook: anything }, { required: ["strategy"] }),
          preserveUnknownFields: truth,
        },
        { required: ["group", "names", "scope", "versions"] },
      ),
      status: record({
        acceptedNames: names,
        conditions: listByKey("type", condition),
        storedVersions: listOf(text),
      }),
    },
    ["spec"],
  ),
  strategy: {
    hasGeneration: true,
    needsVersion: true,
    forCreate: (object, context) =>
      isWellFormed(object)
        ? establish(withDefaults(object), undefined, context)
        : withMember(object, "status", undefined),
    forUpdate: (object, old, context) =>
      isWellFormed(object) ? establish(withDefaults(object), old, context) : object,
    forStatusUpdate: (object, old) => statusInto(old, object, object),
    validate: (object, old) => (isWellFormed(object) ? validateDefinition(object, old) : []),
    warnings: uncheckedRules,
    terminating,
  },
});

/** Whether the schema will accept the object, so that its spec can be read at all. */
function isWellFormed(object: ApiObject): boolean {
  return definitionKind.schema.validate(object).length === 0;
}

/** Rules in CEL are accepted, so that definitions for other servers work here too, and not silently. */
function uncheckedRules(definition: ApiObject): readonly string[] {
  return specOf(definition).versions.flatMap(({ name, schema }) =>
    compileSchema(schema?.openAPIV3Schema ?? {}).unevaluatedRules.map(
      (rule) => `version ${name}: this server does not evaluate the rule at ${rule}`,
    ),
  );
}

function withDefaults(object: ApiObject): ApiObject {
  const spec = specOf(object);
  const { kind, singular = kind.toLowerCase(), listKind = `${kind}List` } = spec.names;
  const named: DefinitionNames = { ...spec.names, singular, listKind };
  return {
    ...object,
    spec: { ...spec, names: named, conversion: spec.conversion ?? { strategy: "None" } },
  } as unknown as ApiObject;
}
