import type { EvictionWish } from "../../shared/eviction-wish.ts";

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

const keys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/** What Kubernetes' admission gives every Pod that says nothing of these taints itself. */
const defaultSeconds = 300;

/**
 * The tolerations of a Pod on an edge node; the same ones when they are right. The default of 300 seconds becomes for
 * ever, or what its Namespace wishes; a wish on the Pod itself counts always; any other toleration is the Pod's own.
 */
export function edgeTolerations(
  present: readonly Toleration[],
  wishes: { readonly pod?: EvictionWish | undefined; readonly namespace?: EvictionWish | undefined },
): readonly Toleration[] {
  const kept = present.map((toleration) => {
    if (!isPlain(toleration)) return toleration;
    const isDefault = toleration.tolerationSeconds === defaultSeconds;
    const wish = wishes.pod ?? (isDefault ? (wishes.namespace ?? {}) : undefined);
    if (wish === undefined || wish.seconds === toleration.tolerationSeconds) return toleration;
    return plain(toleration.key ?? "", wish);
  });
  const missing = keys.filter((key) => !present.some((toleration) => covers(toleration, key)));
  if (missing.length === 0 && kept.every((toleration, i) => toleration === present[i])) return present;
  return [...kept, ...missing.map((key) => plain(key, wishes.pod ?? wishes.namespace ?? {}))];
}

function plain(key: string, { seconds }: EvictionWish): Toleration {
  const toleration = { key, operator: "Exists", effect: "NoExecute" };
  return seconds === undefined ? toleration : { ...toleration, tolerationSeconds: seconds };
}

/** Of the form that admission writes, whatever its seconds. */
function isPlain({ key = "", operator, value = "", effect }: Toleration): boolean {
  return keys.includes(key) && operator === "Exists" && value === "" && effect === "NoExecute";
}

function covers({ key = "", effect = "" }: Toleration, taint: string): boolean {
  return (key === "" || key === taint) && (effect === "" || effect === "NoExecute");
}
