import { isJsonObject, type JsonObject, type KindInfo } from "../kinds.ts";
import { workloadHints } from "./workload-hints.ts";

/** The part of a schema that says how a strategic merge patch treats a value. */
export type Hints = JsonObject | undefined;

const metadataHints: JsonObject = {
  properties: {
    finalizers: { "x-kubernetes-patch-strategy": "merge" },
    ownerReferences: { "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "uid" },
  },
};

/** Hints for a whole object: from its schema, or for workloads, whose schema may say less, from a table. */
export function hintsFor(kind: Pick<KindInfo, "group" | "kind" | "schema">): Hints {
  const id = `${kind.group}/${kind.kind}`;
  const schema = Object.hasOwn(workloadHints, id) ? workloadHints[id] : kind.schema;
  const properties = isJsonObject(schema?.["properties"]) ? schema["properties"] : {};
  return { ...schema, properties: { ...properties, metadata: metadataHints } };
}

export function memberHints(hints: Hints, name: string): Hints {
  const properties = hints?.["properties"];
  const member = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  const found = member ?? hints?.["additionalProperties"];
  return isJsonObject(found) ? found : undefined;
}

export function itemHints(hints: Hints): Hints {
  return isJsonObject(hints?.["items"]) ? hints["items"] : undefined;
}

/** Lists are replaced unless they are merged. */
export function isMerged(hints: Hints): boolean {
  const strategy = hints?.["x-kubernetes-patch-strategy"];
  return typeof strategy === "string" && strategy.split(",").includes("merge");
}

/** The member that tells the items of a merged list apart; `undefined` for lists of scalars. */
export function mergeKey(hints: Hints): string | undefined {
  const key = hints?.["x-kubernetes-patch-merge-key"];
  return typeof key === "string" ? key : undefined;
}
