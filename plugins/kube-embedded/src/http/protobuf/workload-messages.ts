import {
  count,
  flag,
  int,
  intOrString,
  type MessageType,
  map,
  message,
  messages,
  texts,
  truth,
  word,
} from "./field-definitions.ts";
import { metadata } from "./metadata-message.ts";

const requirement: MessageType = { 1: word("key"), 2: word("operator"), 3: texts("values") };
const labelSelector: MessageType = { 1: map("matchLabels"), 2: messages("matchExpressions", requirement) };
const reference: MessageType = { 1: word("name") };

const containerPort: MessageType = {
  1: word("name"),
  2: count("hostPort"),
  3: count("containerPort"),
  4: word("protocol"),
  5: word("hostIP"),
};
const resources: MessageType = { 1: map("limits", "quantity"), 2: map("requests", "quantity") };
const container: MessageType = {
  1: word("name"),
  2: word("image"),
  3: texts("command"),
  4: texts("args"),
  5: word("workingDir"),
  6: messages("ports", containerPort),
  7: messages("env", { 1: word("name"), 2: word("value") }),
  8: message("resources", resources),
  13: word("terminationMessagePath"),
  14: word("imagePullPolicy"),
  16: flag("stdin"),
  17: flag("stdinOnce"),
  18: flag("tty"),
  20: word("terminationMessagePolicy"),
};
/** What the commands of kubectl write: pods with volumes, probes and the like come as JSON. */
const podSpec: MessageType = {
  2: messages("containers", container),
  3: word("restartPolicy"),
  4: int("terminationGracePeriodSeconds"),
  6: word("dnsPolicy"),
  7: map("nodeSelector"),
  8: word("serviceAccountName"),
  9: word("serviceAccount"),
  10: word("nodeName"),
  11: flag("hostNetwork"),
  12: flag("hostPID"),
  13: flag("hostIPC"),
  14: message("securityContext", {}),
  15: messages("imagePullSecrets", reference),
  16: word("hostname"),
  17: word("subdomain"),
  19: word("schedulerName"),
  20: messages("initContainers", container),
  21: truth("automountServiceAccountToken"),
  24: word("priorityClassName"),
  29: word("runtimeClassName"),
  30: truth("enableServiceLinks"),
};
const deploymentSpec: MessageType = {
  1: int("replicas"),
  2: message("selector", labelSelector),
  3: message("template", { 1: message("metadata", metadata), 2: message("spec", podSpec) }),
  4: message("strategy", {
    1: word("type"),
    2: message("rollingUpdate", { 1: intOrString("maxUnavailable"), 2: intOrString("maxSurge") }),
  }),
  5: count("minReadySeconds"),
  6: int("revisionHistoryLimit"),
  7: flag("paused"),
  9: int("progressDeadlineSeconds"),
};
const deploymentStatus: MessageType = {
  1: count("observedGeneration"),
  2: count("replicas"),
  3: count("updatedReplicas"),
  4: count("availableReplicas"),
  5: count("unavailableReplicas"),
  7: count("readyReplicas"),
};

const servicePort: MessageType = {
  1: word("name"),
  2: word("protocol"),
  3: count("port"),
  4: intOrString("targetPort"),
  5: count("nodePort"),
  6: word("appProtocol"),
};
const serviceSpec: MessageType = {
  1: messages("ports", servicePort),
  2: map("selector"),
  3: word("clusterIP"),
  4: word("type"),
  5: texts("externalIPs"),
  7: word("sessionAffinity"),
  8: word("loadBalancerIP"),
  9: texts("loadBalancerSourceRanges"),
  10: word("externalName"),
  11: word("externalTrafficPolicy"),
  12: count("healthCheckNodePort"),
  13: flag("publishNotReadyAddresses"),
  17: word("ipFamilyPolicy"),
  18: texts("clusterIPs"),
  19: texts("ipFamilies"),
  20: truth("allocateLoadBalancerNodePorts"),
  21: word("loadBalancerClass"),
  22: word("internalTrafficPolicy"),
};
const meta = { 1: message("metadata", metadata) };

/** The workloads and services that `kubectl create` sends as protobuf. */
export const workloadMessages: Readonly<Record<string, MessageType>> = {
  "apps/v1 Deployment": { ...meta, 2: message("spec", deploymentSpec), 3: message("status", deploymentStatus) },
  "v1 Service": { ...meta, 2: message("spec", serviceSpec), 3: message("status", { 1: message("loadBalancer", {}) }) },
  "v1 ServiceAccount": {
    ...meta,
    2: messages("secrets", { 1: word("kind"), 2: word("namespace"), 3: word("name") }),
    3: messages("imagePullSecrets", reference),
    4: truth("automountServiceAccountToken"),
  },
};
