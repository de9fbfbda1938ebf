import { isJsonObject } from "../../kinds.ts";
import { type ApiObject, withMember, withMetadata } from "../api-object.ts";
import { labelProblem } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import { condition, kindSchema, listByKey, listOf, record, text } from "./schema-parts.ts";

/** Namespaces that exist from the first start on. */
export const firstNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;
const keptForEver = new Set(["default", "kube-system", "kube-public"]);
const nameLabel = "kubernetes.io/metadata.name";

export const namespaceKind = builtInKind({
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  hasStatus: true,
  selectableFields: ["status.phase"],
  schema: kindSchema("Namespace provides a scope for names.", {
    spec: record({ finalizers: listOf(text) }, { description: "Spec defines the behavior of the Namespace." }),
    status: record(
      { phase: text, conditions: listByKey("type", condition) },
      { description: "Status describes the current status of a Namespace." },
    ),
  }),
  strategy: {
    nameProblem: labelProblem,
    forCreate: (object) => labelled({ ...object, spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } }),
    // The contents' finalizer is the server's own.
    forUpdate: (object, old) => labelled(withMember(object, "spec", old["spec"])),
    terminating: (object) => {
      const status = object["status"];
      return { ...object, status: { ...(isJsonObject(status) ? status : {}), phase: "Terminating" } };
    },
    undeletable: (name) => (keptForEver.has(name) ? "this namespace may not be deleted" : undefined),
  },
});

function labelled(object: ApiObject): ApiObject {
  return withMetadata(object, { labels: { ...object.metadata.labels, [nameLabel]: object.metadata.name } });
}
