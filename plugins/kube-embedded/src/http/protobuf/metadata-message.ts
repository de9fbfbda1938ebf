import { int, type MessageType, map, messages, text, texts, time, truth } from "./field-definitions.ts";

const ownerReference: MessageType = {
  1: text("kind"),
  3: text("name"),
  4: text("uid"),
  5: text("apiVersion"),
  6: truth("controller"),
  7: truth("blockOwnerDeletion"),
};
/** `metav1.ObjectMeta`. */
export const metadata: MessageType = {
  1: text("name"),
  2: text("generateName"),
  3: text("namespace"),
  4: text("selfLink"),
  5: text("uid"),
  6: text("resourceVersion"),
  7: int("generation"),
  8: time("creationTimestamp"),
  9: time("deletionTimestamp"),
  10: int("deletionGracePeriodSeconds"),
  11: map("labels"),
  12: map("annotations"),
  13: messages("ownerReferences", ownerReference),
  14: texts("finalizers"),
};
