import type { FieldError, JsonObject, JsonValue } from "../kinds.ts";
import { defaultValue } from "./defaulting.ts";
import { pruneValue } from "./pruning.ts";
import { schemaNode } from "./schema-node.ts";
import { unevaluatedRules } from "./unevaluated-rules.ts";
import { validateValue } from "./validation.ts";

export { checkSchema } from "./schema-check.ts";

/** The structural schema of one version of a kind, ready to be used. No method changes what it is given. */
export interface CompiledSchema {
  /** Fills in defaults, and leaves out nulls that are neither allowed nor replaced by a default. */
  defaulted(object: JsonObject): JsonObject;
  /** Leaves out what the schema does not know; `apiVersion`, `kind` and `metadata` of the object itself stay. */
  pruned(object: JsonObject): Pruned;
  /** Everything that is wrong with the object, in the wording of Kubernetes. */
  validate(object: JsonObject): FieldError[];
  /** The `x-kubernetes-validations` that nobody checks here, as `path: rule`. */
  readonly unevaluatedRules: readonly string[];
}

export interface Pruned {
  readonly object: JsonObject;
  /** Paths of what was left out. */
  readonly unknown: readonly string[];
}

/**
 * Compiles a schema that `checkSchema` accepts.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_SCHEMA` (invalid) for a schema that cannot be used at all
 */
export function compileSchema(schema: JsonValue): CompiledSchema {
  const root = schemaNode(schema, "");
  return {
    defaulted: (object) => defaultValue(object, root) as JsonObject,
    pruned: (object) => {
      const unknown: string[] = [];
      return { object: pruneValue(object, { ...root, embedded: true }, "", unknown) as JsonObject, unknown };
    },
    validate: (object) => validateValue(object, root, ""),
    unevaluatedRules: unevaluatedRules(schema, ""),
  };
}
