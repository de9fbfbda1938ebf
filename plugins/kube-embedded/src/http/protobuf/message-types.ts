import { int, type MessageType, map, message, microTime, text, texts, time, truth } from "./field-definitions.ts";
import { metadata } from "./metadata-message.ts";
import { tokenMessages } from "./token-messages.ts";
import { workloadMessages } from "./workload-messages.ts";

const reference: MessageType = {
  1: text("kind"),
  2: text("namespace"),
  3: text("name"),
  4: text("uid"),
  5: text("apiVersion"),
  6: text("resourceVersion"),
  7: text("fieldPath"),
};
const leaseSpec: MessageType = {
  1: text("holderIdentity"),
  2: int("leaseDurationSeconds"),
  3: microTime("acquireTime"),
  4: microTime("renewTime"),
  5: int("leaseTransitions"),
  6: text("strategy"),
  7: text("preferredHolder"),
};
const resourceAttributes: MessageType = {
  1: text("namespace"),
  2: text("verb"),
  3: text("group"),
  4: text("version"),
  5: text("resource"),
  6: text("subresource"),
  7: text("name"),
};
const accessReviewSpec: MessageType = {
  1: message("resourceAttributes", resourceAttributes),
  2: message("nonResourceAttributes", { 1: text("path"), 2: text("verb") }),
};
const accessReviewStatus: MessageType = {
  1: truth("allowed"),
  2: text("reason"),
  3: text("evaluationError"),
  4: truth("denied"),
};
const meta = { 1: message("metadata", metadata) };

/** The kinds that Kubernetes' own clients send as protobuf and this server reads, by `apiVersion kind`. */
export const messageTypes: Readonly<Record<string, MessageType>> = {
  "v1 ConfigMap": { ...meta, 2: map("data"), 3: map("binaryData", "bytes"), 4: truth("immutable") },
  "v1 Secret": { ...meta, 2: map("data", "bytes"), 3: text("type"), 4: map("stringData"), 5: truth("immutable") },
  ...workloadMessages,
  ...tokenMessages,
  "v1 Namespace": {
    ...meta,
    2: message("spec", { 1: texts("finalizers") }),
    3: message("status", { 1: text("phase") }),
  },
  "v1 Event": {
    ...meta,
    2: message("involvedObject", reference),
    3: text("reason"),
    4: text("message"),
    5: message("source", { 1: text("component"), 2: text("host") }),
    6: time("firstTimestamp"),
    7: time("lastTimestamp"),
    8: int("count"),
    9: text("type"),
    10: microTime("eventTime"),
    11: message("series", { 1: int("count"), 2: microTime("lastObservedTime") }),
    12: text("action"),
    13: message("related", reference),
    14: text("reportingComponent"),
    15: text("reportingInstance"),
  },
  "coordination.k8s.io/v1 Lease": { ...meta, 2: message("spec", leaseSpec) },
  "authorization.k8s.io/v1 SelfSubjectAccessReview": {
    ...meta,
    2: message("spec", accessReviewSpec),
    3: message("status", accessReviewStatus),
  },
  "authorization.k8s.io/v1 SelfSubjectRulesReview": {
    ...meta,
    2: message("spec", { 1: text("namespace") }),
    3: message("status", { 3: truth("incomplete"), 4: text("evaluationError") }),
  },
  "authentication.k8s.io/v1 SelfSubjectReview": {
    ...meta,
    2: message("status", { 1: message("userInfo", { 1: text("username"), 2: text("uid"), 3: texts("groups") }) }),
  },
};

/** `DeleteOptions` goes with every group and version. */
export const deleteOptionsType: MessageType = {
  1: int("gracePeriodSeconds"),
  2: message("preconditions", { 1: text("uid"), 2: text("resourceVersion") }),
  3: truth("orphanDependents"),
  4: text("propagationPolicy"),
  5: texts("dryRun"),
};

/** `runtime.Unknown`, in which every body comes; `raw` is the object itself. */
export const envelopeType: MessageType = {
  1: message("typeMeta", { 1: text("apiVersion"), 2: text("kind") }),
  2: { name: "raw", type: "bytes" },
  3: text("contentEncoding"),
  4: text("contentType"),
};
