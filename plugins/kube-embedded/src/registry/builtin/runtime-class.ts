import type { FieldError } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { invalidValue, labelProblem } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import { toleration } from "./pod-spec/pod-spec.ts";
import { about, intOrString, kindSchema, listOf, mapOf, record, text } from "./schema-parts.ts";

export const runtimeClassKind = builtInKind({
  group: "node.k8s.io",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
  schema: kindSchema(
    "RuntimeClass defines a class of container runtime supported in the cluster.",
    {
      handler: about(text, "The runtime of a node that runs the class's pods; it never changes."),
      overhead: record({ podFixed: mapOf(intOrString, "Resources that a pod costs beside its containers.") }),
      scheduling: record(
        {
          nodeSelector: mapOf(text, "Labels of the nodes that have the runtime."),
          tolerations: listOf(toleration, "Tolerations that the class's pods get."),
        },
        { description: "Where pods of the class can run." },
      ),
    },
    ["handler"],
  ),
  strategy: { validate },
});

function validate(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const { handler } = object;
  const errors: FieldError[] = [];
  const problem = typeof handler === "string" ? labelProblem(handler) : undefined;
  if (problem !== undefined) errors.push(invalidValue("handler", handler, problem));
  if (old !== undefined && handler !== old["handler"]) {
    errors.push(invalidValue("handler", handler, "field is immutable"));
  }
  return errors;
}
