import type { KubeObject, PodTokenRequest } from "@skerry/contracts";
import { errors } from "../errors.ts";
import { objectAt, objectsIn, textAt } from "../shared/member.ts";

/**
 * The ServiceAccount whose token a node may have: that of a Pod bound to the node, which names such a token in a
 * projected volume. Anything else is `SKERRY_PODS_TOKEN_DENIED`.
 *
 * @param pod the Pod of that name as the Kubernetes API has it now
 */
export function grantedAccount(node: string, request: PodTokenRequest, pod: KubeObject | undefined): string {
  const { namespace, name, uid } = request.pod;
  const denied = (problem: string) =>
    errors.create("SKERRY_PODS_TOKEN_DENIED", { node, pod: `${namespace}/${name}`, problem });
  // One sentence for all: who asks about another's Pod learns nothing of it.
  if (pod === undefined || pod.metadata.uid !== uid || textAt(pod.spec, "nodeName") !== node) {
    throw denied("the node has no such Pod");
  }
  const phase = textAt(pod.status, "phase");
  if (phase === "Succeeded" || phase === "Failed") throw denied("the Pod has ended");
  if (!namesToken(pod.spec, request)) throw denied("no projected volume of the Pod names such a token");
  return textAt(pod.spec, "serviceAccountName") ?? "default";
}

function namesToken(spec: unknown, { audience, expirationSeconds }: PodTokenRequest): boolean {
  const sources = objectsIn(spec, "volumes").flatMap((volume) => objectsIn(objectAt(volume, "projected"), "sources"));
  return sources.some((source) => {
    if (source["serviceAccountToken"] === undefined) return false;
    const { audience: whom = "", expirationSeconds: seconds = 3600 } = objectAt(source, "serviceAccountToken");
    return whom === audience && seconds === expirationSeconds;
  });
}
