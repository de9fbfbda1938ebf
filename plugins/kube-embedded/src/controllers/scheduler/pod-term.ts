import { isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import { matchesSelector } from "../../registry/builtin/label-selector.ts";
import type { Labels } from "../../selectors/label-selector.ts";

/** Which Pods a `v1.PodAffinityTerm` or a spread constraint is about, and by which label nodes belong together. */
export interface PodTerm {
  readonly topologyKey: string;
  readonly namespaces: ReadonlySet<string>;
  /** Selects further namespaces by their labels. */
  readonly namespaceSelector?: JsonObject;
  /** Without one no Pod matches. */
  readonly selector?: JsonObject;
}

/** The labels of a namespace; none of one that does not exist. */
export type NamespaceLabels = (namespace: string) => Labels;

/** A term as it stands in the Pod `pod`: in its namespace unless others are named. */
export function podTermOf(term: JsonObject, pod: JsonObject): PodTerm {
  const named = textsOf(term["namespaces"]);
  const namespaceSelector = term["namespaceSelector"];
  const own = named.length === 0 && !isJsonObject(namespaceSelector) ? [textAt(pod, "metadata", "namespace")] : named;
  const selector = selectorOf(term, pod);
  return {
    topologyKey: textAt(term, "topologyKey"),
    namespaces: new Set(own),
    ...(isJsonObject(namespaceSelector) ? { namespaceSelector } : {}),
    ...(selector === undefined ? {} : { selector }),
  };
}

/** The required terms of `podAffinity` or `podAntiAffinity`. */
export function requiredTermsOf(pod: JsonObject, affinity: "podAffinity" | "podAntiAffinity"): readonly PodTerm[] {
  const path = ["affinity", affinity, "requiredDuringSchedulingIgnoredDuringExecution"];
  return objectsAt(pod, "spec", ...path).map((term) => podTermOf(term, pod));
}

/** A term that a Pod would like to hold. */
export interface WeightedTerm {
  readonly term: PodTerm;
  /** Negative where the Pod wants to be away. */
  readonly weight: number;
}

/** The preferred terms of both kinds. */
export function preferredTermsOf(pod: JsonObject): readonly WeightedTerm[] {
  const preferred = (affinity: string, sign: number) =>
    objectsAt(pod, "spec", "affinity", affinity, "preferredDuringSchedulingIgnoredDuringExecution").map((item) => {
      const { weight, podAffinityTerm } = item;
      const term = podTermOf(isJsonObject(podAffinityTerm) ? podAffinityTerm : {}, pod);
      return { term, weight: sign * (typeof weight === "number" ? weight : 0) };
    });
  return [...preferred("podAffinity", 1), ...preferred("podAntiAffinity", -1)];
}

/** Whether a Pod is one of those that a term is about. */
export function matchesPod(
  term: PodTerm,
  pod: { readonly namespace: string; readonly labels: Labels },
  labelsOf: NamespaceLabels,
): boolean {
  const { selector, namespaceSelector, namespaces } = term;
  if (selector === undefined || !matchesSelector(selector, pod.labels)) return false;
  if (namespaces.has(pod.namespace)) return true;
  return namespaceSelector !== undefined && matchesSelector(namespaceSelector, labelsOf(pod.namespace));
}

/** The selector, and what the Pod's own labels add to it by `matchLabelKeys` and `mismatchLabelKeys`. */
function selectorOf(term: JsonObject, pod: JsonObject): JsonObject | undefined {
  const selector = term["labelSelector"];
  if (!isJsonObject(selector)) return undefined;
  const own = memberAt(pod, "metadata", "labels");
  const labels = isJsonObject(own) ? own : {};
  const added = (keys: JsonValue | undefined, operator: string) =>
    textsOf(keys).flatMap((key) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  const more = [...added(term["matchLabelKeys"], "In"), ...added(term["mismatchLabelKeys"], "NotIn")];
  if (more.length === 0) return selector;
  return { ...selector, matchExpressions: [...objectsAt(selector, "matchExpressions"), ...more] };
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(String) : [];
}
