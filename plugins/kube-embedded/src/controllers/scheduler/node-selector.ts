import { isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import type { NodeView } from "./node-view.ts";

const whole = /^[+-]?\d+$/;

/** What a Pod says of the nodes that it must have: `nodeSelector` and required node affinity. */
export interface NodeDemand {
  readonly labels: JsonObject;
  /** One of them has to match; absent when there is no required affinity. */
  readonly terms?: readonly JsonObject[];
}

/** Reads `nodeSelector` and required node affinity of a Pod. */
export function nodeDemandOf(pod: JsonObject): NodeDemand {
  const labels = memberAt(pod, "spec", "nodeSelector");
  const path = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
  const required = memberAt(pod, "spec", ...path);
  return {
    labels: isJsonObject(labels) ? labels : {},
    ...(isJsonObject(required) ? { terms: objectsAt(required, "nodeSelectorTerms") } : {}),
  };
}

/** Whether a node has the labels of the selector and matches one of the terms. */
export function meetsDemand(node: NodeView, { labels, terms }: NodeDemand): boolean {
  if (Object.entries(labels).some(([key, value]) => labelOf(node, key) !== value)) return false;
  return terms === undefined || terms.some((term) => matchesTerm(node, term));
}

/** Whether a node is what a `v1.NodeSelectorTerm` asks for; one that asks for nothing matches no node. */
export function matchesTerm(node: NodeView, term: JsonObject): boolean {
  const expressions = objectsAt(term, "matchExpressions");
  const fields = objectsAt(term, "matchFields");
  if (expressions.length === 0 && fields.length === 0) return false;
  return (
    expressions.every((it) => holds(it, labelOf(node, textAt(it, "key")))) &&
    fields.every((it) => holds(it, textAt(it, "key") === "metadata.name" ? node.name : undefined))
  );
}

/** The nodes that a demand names by `metadata.name` in every term, if it does. */
export function namedNodes({ terms }: NodeDemand): ReadonlySet<string> | undefined {
  if (terms === undefined || terms.length === 0) return undefined;
  const names = terms.map(namesOfTerm);
  if (names.some((it) => it === undefined)) return undefined;
  return new Set(names.flatMap((it) => [...(it ?? [])]));
}

function namesOfTerm(term: JsonObject): readonly string[] | undefined {
  const lists = objectsAt(term, "matchFields")
    .filter((it) => textAt(it, "key") === "metadata.name" && textAt(it, "operator") === "In")
    .map(valuesOf);
  if (lists.length === 0) return undefined;
  return lists.reduce((left, right) => left.filter((name) => right.includes(name)));
}

function holds(requirement: JsonObject, value: string | undefined): boolean {
  const values = valuesOf(requirement);
  switch (requirement["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return areWhole(value, values[0]) && BigInt(value) > BigInt(values[0] ?? "");
    case "Lt":
      return areWhole(value, values[0]) && BigInt(value) < BigInt(values[0] ?? "");
    default:
      return false;
  }
}

function areWhole(value: string | undefined, limit: string | undefined): value is string {
  return value !== undefined && limit !== undefined && whole.test(value) && whole.test(limit);
}

function valuesOf({ values }: JsonObject): readonly string[] {
  return Array.isArray(values) ? (values as readonly JsonValue[]).map(String) : [];
}

function labelOf(node: NodeView, key: string): string | undefined {
  return Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
}
