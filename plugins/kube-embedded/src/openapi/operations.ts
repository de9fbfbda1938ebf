import type { KindInfo } from "../kinds.ts";
import { metaNames } from "./meta-schemas.ts";

/** One operation, from which either version of OpenAPI is written. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly description: string;
  /** Media types and schema name of the body, if it has one. */
  readonly body?: { readonly types: readonly string[]; readonly schema: string };
  readonly answer: string;
  readonly query: readonly QueryParameter[];
}

export interface QueryParameter {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer";
  readonly description: string;
}

export interface Path {
  readonly path: string;
  /** Names of the path's parameters. */
  readonly parameters: readonly string[];
  readonly operations: readonly Operation[];
}

const query = (name: string, type: QueryParameter["type"], description: string): QueryParameter => ({
  name,
  type,
  description,
});

const dryRun = query("dryRun", "string", "When present, indicates that modifications should not be persisted.");
const fieldManager = query("fieldManager", "string", "A name associated with the actor that is making these changes.");
const fieldValidation = query(
  "fieldValidation",
  "string",
  "Instructs the server on how to handle objects containing unknown or duplicate fields: Ignore, Warn or Strict.",
);
const written = [dryRun, fieldManager, fieldValidation];
const listed = [
  query("allowWatchBookmarks", "boolean", 'Requests watch events with type "BOOKMARK".'),
  query("continue", "string", "Retrieves the next page of a list; a token of the server."),
  query("fieldSelector", "string", "Restricts the list of returned objects by their fields."),
  query("labelSelector", "string", "Restricts the list of returned objects by their labels."),
  query("limit", "integer", "Maximum number of responses to return for a list call."),
  query("resourceVersion", "string", "Sets a constraint on what resource versions a request may be served from."),
  query("resourceVersionMatch", "string", "Determines how resourceVersion is applied to list calls."),
  query("timeoutSeconds", "integer", "Timeout for the list or watch call."),
  query("watch", "boolean", "Watch for changes to the described resources."),
];
const deleted = [dryRun, query("propagationPolicy", "string", "Whether and how garbage collection is performed.")];

const patchTypes = ["application/json-patch+json", "application/merge-patch+json"];
const strategicType = "application/strategic-merge-patch+json";

/** Every path under which objects of a kind are reached. */
export function pathsOf(kind: KindInfo, schema: string): readonly Path[] {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const place = kind.namespaced ? ["namespace"] : [];
  const operation = operationsOf(kind, schema);
  const item = [...place, "name"];
  return [
    ...(kind.namespaced ? [{ path: `${root}/${kind.plural}`, parameters: [], operations: [operation.list] }] : []),
    { path: collection, parameters: place, operations: [operation.list, operation.post, operation.deleteAll] },
    {
      path: `${collection}/{name}`,
      parameters: item,
      operations: [operation.get, operation.put, operation.patch, operation.delete],
    },
    ...(kind.subresources.status
      ? [
          {
            path: `${collection}/{name}/status`,
            parameters: item,
            operations: [operation.get, operation.put, operation.patch],
          },
        ]
      : []),
  ];
}

function operationsOf(kind: KindInfo, schema: string) {
  const isCustom = kind.group.includes(".") && !kind.group.endsWith(".k8s.io");
  const types = isCustom ? patchTypes : [...patchTypes, strategicType];
  const object = { types: ["application/json", "application/yaml"], schema };
  const options = { types: ["application/json"], schema: metaNames.deleteOptions };
  const of = (method: Operation["method"], action: string, verb: string, more: Partial<Operation> = {}): Operation => ({
    method,
    action,
    description: `${verb} ${kind.kind}`,
    answer: schema,
    query: [],
    ...more,
  });
  return {
    list: of("get", "list", "list or watch objects of kind", { answer: `${schema}List`, query: listed }),
    post: of("post", "post", "create a", { body: object, query: written }),
    deleteAll: of("delete", "deletecollection", "delete collection of", {
      body: options,
      answer: metaNames.status,
      query: [...listed, ...deleted],
    }),
    get: of("get", "get", "read the specified"),
    put: of("put", "put", "replace the specified", { body: object, query: written }),
    patch: of("patch", "patch", "partially update the specified", {
      body: { types, schema: metaNames.patch },
      query: written,
    }),
    delete: of("delete", "delete", "delete a", { body: options, answer: metaNames.status, query: deleted }),
  };
}

/** `readDevicesSkerryDevV1alpha1NamespacedDevice` and the like: unique within one document. */
export function operationId(kind: KindInfo, { action }: Operation, path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && !part.startsWith("{"));
  const words = [action, ...parts, ...(path.includes("{name}") ? ["named"] : []), kind.kind];
  return words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join("");
}
