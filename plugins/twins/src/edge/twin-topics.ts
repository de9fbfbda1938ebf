import type { TwinName } from "@skerry/contracts";

/** The filter of every set message on this node. */
export const setFilter = "skerry/+/+/set/+";

/** `skerry/<namespace>/<device>/<branch>/<property>`; names of Kubernetes objects need no escaping in a topic. */
export function propertyTopic(
  twin: TwinName,
  branch: "reported" | "desired" | "set" | "result",
  property: string,
): string {
  return `skerry/${twin}/${branch}/${property}`;
}

export function stateTopic(twin: TwinName): string {
  return `skerry/${twin}/state`;
}

/** The twin and the property that a set topic names. */
export function parseSetTopic(topic: string): { readonly twin: TwinName; readonly property: string } | undefined {
  const [root, namespace, device, branch, property, ...rest] = topic.split("/");
  if (root !== "skerry" || branch !== "set" || !namespace || !device || !property || rest.length > 0) return undefined;
  return { twin: `${namespace}/${device}`, property };
}

/** Clears every retained topic of a twin. */
export function clearTopics(publisher: TopicClearer, twin: TwinName, { reported, desired }: RetainedProperties): void {
  for (const property of reported.keys()) publisher.clear(propertyTopic(twin, "reported", property));
  for (const property of desired.keys()) publisher.clear(propertyTopic(twin, "desired", property));
  publisher.clear(stateTopic(twin));
}

interface TopicClearer {
  clear(topic: string): void;
}

interface RetainedProperties {
  readonly reported: ReadonlyMap<string, unknown>;
  readonly desired: ReadonlyMap<string, unknown>;
}
