import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { objectsAt, textAt } from "../../printing/member-at.ts";
import { type ApiObject, withMember } from "../api-object.ts";
import { statusInto } from "../strategy.ts";
import type { Subresource } from "../subresource.ts";
import { builtInKind } from "./built-in-kind.ts";
import { boundByBody } from "./pod/binding.ts";
import { withPodDefaults } from "./pod/pod-defaults.ts";
import { qualityOf } from "./pod/quality.ts";
import { runtimeClassStorage, withRuntimeClass } from "./pod/runtime-class-admission.ts";
import { withServiceAccount } from "./pod/service-account-admission.ts";
import { validatePod, validatePodUpdate } from "./pod/validate-pod.ts";
import { podSpec } from "./pod-spec/pod-spec.ts";
import { podStatus } from "./pod-spec/pod-status.ts";
import { kindSchema } from "./schema-parts.ts";

const binding: Subresource = {
  name: "binding",
  group: "",
  version: "v1",
  kind: "Binding",
  verbs: ["create"],
  target: "binding",
  write: boundByBody,
};

/** Pods: what their writers say is completed as a cluster does it; what runs them is a node's business. */
export const podKind = builtInKind({
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  hasStatus: true,
  selectableFields: [
    ...["nodeName", "restartPolicy", "schedulerName", "serviceAccountName"].map((name) => `spec.${name}`),
    ...["phase", "podIP", "nominatedNodeName"].map((name) => `status.${name}`),
  ],
  schema: kindSchema("Pod is a collection of containers that can run on a host.", { spec: podSpec, status: podStatus }),
  subresources: [binding],
  unserved: {
    log: "the logs of a pod cannot be read through this server yet",
    exec: "commands in a container cannot be run through this server yet",
    attach: "this server cannot attach to containers yet",
    portforward: "ports of a pod cannot be forwarded through this server yet",
    proxy: "this server is no proxy to pods",
    eviction: "pods cannot be evicted here; delete them instead",
    ephemeralcontainers: "ephemeral containers cannot be added here",
    resize: "the resources of a running pod cannot be changed here; make a new one",
  },
  strategy: {
    forCreate: (pod, context) => {
      const spec = withRuntimeClass(specOf(pod), pod.metadata.name, context.list(runtimeClassStorage));
      const complete = withServiceAccount(withPodDefaults(spec), pod, context);
      return { ...pod, spec: complete, status: firstStatus(complete) };
    },
    forUpdate: (pod) => ({ ...pod, spec: withPodDefaults(specOf(pod)) }),
    forStatusUpdate: (pod, old) => {
      const qosClass = textAt(old, "status", "qosClass") || qualityOf(specOf(old));
      const status = isJsonObject(pod["status"]) ? pod["status"] : {};
      return statusInto(old, withMember(pod, "status", { ...status, qosClass }), pod);
    },
    validate: (pod, old, target) => {
      if (target !== undefined || old === undefined) return target === "status" ? [] : validatePod(pod);
      return [...validatePod(pod), ...validatePodUpdate(pod, old)];
    },
    gracePeriod: graceOf,
  },
});

function firstStatus(spec: JsonObject): JsonObject {
  const isGated = objectsAt(spec, "schedulingGates").length > 0;
  const gated = { type: "PodScheduled", status: "False", reason: "SchedulingGated" };
  return {
    phase: "Pending",
    ...(isGated
      ? { conditions: [{ ...gated, message: "Scheduling is blocked due to non-empty scheduling gates" }] }
      : {}),
    qosClass: qualityOf(spec),
  };
}

/** How long a Pod has to stop: no time where nothing runs. */
function graceOf(pod: ApiObject, asked: number | undefined): number {
  const phase = textAt(pod, "status", "phase");
  if (textAt(pod, "spec", "nodeName") === "" || phase === "Succeeded" || phase === "Failed") return 0;
  const own = specOf(pod)["terminationGracePeriodSeconds"];
  const seconds = asked ?? (typeof own === "number" ? own : 0);
  return seconds < 0 ? 1 : seconds;
}

function specOf(pod: ApiObject): JsonObject {
  return isJsonObject(pod["spec"]) ? pod["spec"] : {};
}
