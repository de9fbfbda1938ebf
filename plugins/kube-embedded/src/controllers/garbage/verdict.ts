import type { OwnerReference } from "../runtime/owner-reference.ts";

/**
 * How it stands with an owner. `waiting` is one that goes after its dependents; `unknown` one of a kind that is not
 * served, or that cannot be an owner here, of which nothing can be said.
 */
export type OwnerState = "there" | "gone" | "waiting" | "unknown";

export interface JudgedReference {
  readonly reference: OwnerReference;
  readonly state: OwnerState;
}

export type Verdict =
  | { readonly verdict: "keep" }
  /** It loses its references to these owners and goes on for the others. */
  | { readonly verdict: "detach"; readonly owners: ReadonlySet<string> }
  /** Nobody owns it any more; `inForeground` when what depends on it goes first. */
  | { readonly verdict: "delete"; readonly inForeground: boolean };

/** What becomes of an object with owners, as Kubernetes' garbage collector decides. */
export function judge(references: readonly JudgedReference[], hasDependents: boolean): Verdict {
  const inState = (wanted: OwnerState) => references.filter(({ state }) => state === wanted);
  const lost = [...inState("gone"), ...inState("waiting")];
  if (lost.length === 0 || inState("unknown").length > 0) return { verdict: "keep" };
  if (inState("there").length > 0) return { verdict: "detach", owners: new Set(lost.map((it) => it.reference.uid)) };
  return { verdict: "delete", inForeground: inState("waiting").length > 0 && hasDependents };
}
