import type { JsonObject } from "../kinds.ts";

const prefix = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Names of the schemas that every group refers to. */
export const metaNames = {
  objectMeta: `${prefix}.ObjectMeta`,
  ownerReference: `${prefix}.OwnerReference`,
  managedFieldsEntry: `${prefix}.ManagedFieldsEntry`,
  fields: `${prefix}.FieldsV1`,
  listMeta: `${prefix}.ListMeta`,
  time: `${prefix}.Time`,
  patch: `${prefix}.Patch`,
  deleteOptions: `${prefix}.DeleteOptions`,
  status: `${prefix}.Status`,
} as const;

export type Reference = (name: string) => JsonObject;

const text = (description: string): JsonObject => ({ type: "string", description });
const truth = (description: string): JsonObject => ({ type: "boolean", description });
const int64 = (description: string): JsonObject => ({ type: "integer", format: "int64", description });
const textMap = (description: string): JsonObject => ({
  type: "object",
  additionalProperties: { type: "string", default: "" },
  description,
});

export const apiVersionProperty = text(
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized " +
    "schemas to the latest internal value, and may reject unrecognized values.",
);
export const kindProperty = text(
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the " +
    "endpoint the client submits requests to. Cannot be updated. In CamelCase.",
);

/** The schemas of `metav1`, which refer to each other through `reference`. */
export function metaSchemas(reference: Reference): JsonObject {
  const time = (description: string): JsonObject => ({ ...reference(metaNames.time), description });
  return {
    [metaNames.time]: {
      type: "string",
      format: "date-time",
      description: "Time is a wrapper around time.Time which supports correct marshaling to YAML and JSON.",
    },
    [metaNames.fields]: {
      type: "object",
      description: "FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format.",
    },
    [metaNames.patch]: {
      type: "object",
      description: "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
    },
    [metaNames.listMeta]: {
      type: "object",
      description:
        "ListMeta describes metadata that synthetic resources must have, including lists and status objects.",
      properties: {
        continue: text("continue may be set if the user set a limit on the number of items returned."),
        remainingItemCount: int64("remainingItemCount is the number of subsequent items in the list."),
        resourceVersion: text("String that identifies the server's internal version of this object."),
        selfLink: text("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
      },
    },
    [metaNames.ownerReference]: {
      type: "object",
      description: "OwnerReference contains enough information to let you identify an owning object.",
      required: ["apiVersion", "kind", "name", "uid"],
      "x-kubernetes-map-type": "atomic",
      properties: {
        apiVersion: text("API version of the referent."),
        blockOwnerDeletion: truth(
          "If true, the owner cannot be deleted from the key-value store until this is removed.",
        ),
        controller: truth("If true, this reference points to the managing controller."),
        kind: text("Kind of the referent."),
        name: text("Name of the referent."),
        uid: text("UID of the referent."),
      },
    },
    [metaNames.managedFieldsEntry]: {
      type: "object",
      description:
        "ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource it applies to.",
      properties: {
        apiVersion: text("APIVersion defines the version of this resource that this field set applies to."),
        fieldsType: text("FieldsType is the discriminator for the different fields format and version."),
        fieldsV1: reference(metaNames.fields),
        manager: text("Manager is an identifier of the workflow managing these fields."),
        operation: text("Operation is the type of operation which lead to this ManagedFieldsEntry being created."),
        subresource: text("Subresource is the name of the subresource used to update that object."),
        time: time("Time is the timestamp of when the ManagedFields entry was added."),
      },
    },
    [metaNames.objectMeta]: {
      type: "object",
      description:
        "ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.",
      properties: {
        annotations: textMap("Annotations is an unstructured key value map stored with a resource."),
        creationTimestamp: time("CreationTimestamp represents the server time when this object was created."),
        deletionGracePeriodSeconds: int64("Number of seconds allowed for this object to gracefully terminate."),
        deletionTimestamp: time("DeletionTimestamp is the date and time at which this resource will be deleted."),
        finalizers: {
          type: "array",
          items: { type: "string", default: "" },
          description: "Must be empty before the object is deleted from the registry.",
          "x-kubernetes-list-type": "set",
          "x-kubernetes-patch-strategy": "merge",
        },
        generateName: text("GenerateName is an optional prefix, used by the server, to generate a unique name."),
        generation: int64("A sequence number representing a specific generation of the desired state."),
        labels: textMap("Map of string keys and values that can be used to organize and categorize objects."),
        managedFields: {
          type: "array",
          items: reference(metaNames.managedFieldsEntry),
          description: "ManagedFields maps workflow-id and version to the set of fields managed by that workflow.",
          "x-kubernetes-list-type": "atomic",
        },
        name: text("Name must be unique within a namespace."),
        namespace: text("Namespace defines the space within which each name must be unique."),
        ownerReferences: {
          type: "array",
          items: reference(metaNames.ownerReference),
          description: "List of objects depended by this object.",
          "x-kubernetes-list-map-keys": ["uid"],
          "x-kubernetes-list-type": "map",
          "x-kubernetes-patch-merge-key": "uid",
          "x-kubernetes-patch-strategy": "merge",
        },
        resourceVersion: text("An opaque value that represents the internal version of this object."),
        selfLink: text("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
        uid: text("UID is the unique in time and space value for this object."),
      },
    },
    [metaNames.deleteOptions]: {
      type: "object",
      description: "DeleteOptions may be provided when deleting an API object.",
      properties: {
        apiVersion: apiVersionProperty,
        dryRun: { type: "array", items: { type: "string" }, description: "When present, nothing is persisted." },
        gracePeriodSeconds: int64("The duration in seconds before the object should be deleted."),
        kind: kindProperty,
        preconditions: {
          type: "object",
          description: "Must be fulfilled before a deletion is carried out.",
          properties: { resourceVersion: text("The target resourceVersion."), uid: text("The target UID.") },
        },
        propagationPolicy: text("Whether and how garbage collection will be performed."),
      },
    },
    [metaNames.status]: {
      type: "object",
      description: "Status is a return value for calls that don't return other objects.",
      properties: {
        apiVersion: apiVersionProperty,
        code: { type: "integer", format: "int32", description: "Suggested HTTP return code for this status." },
        details: { type: "object", description: "Extended data associated with the reason." },
        kind: kindProperty,
        message: text("A human-readable description of the status of this operation."),
        metadata: reference(metaNames.listMeta),
        reason: text('A machine-readable description of why this operation is in the "Failure" status.'),
        status: text('Status of the operation. One of: "Success" or "Failure".'),
      },
    },
  };
}
