import { builtInKind } from "./built-in-kind.ts";
import { anything, kindSchema } from "./schema-parts.ts";

/**
 * Pods as far as there can be any: nothing here runs them, so there are none and none is accepted. Tools that ask
 * which pods a node has, such as `kubectl describe node` and `kubectl drain`, get their answer.
 */
export const podKind = builtInKind({
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  namespaced: true,
  verbs: ["get", "list", "watch"],
  selectableFields: ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "status.phase", "status.podIP"],
  schema: kindSchema("Pod is a collection of containers that can run on a host.", { spec: anything, status: anything }),
});
