import type { KubeObject } from "@skerry/contracts";
import { connected, mergeNodeConditions, type NodeCondition } from "../shared/node-conditions.ts";
import type { NodeFacts, NodeRuntime } from "../shared/node-facts.ts";
import { edgeLabel } from "../shared/node-resources.ts";

export interface NodeStatus {
  readonly conditions?: readonly NodeCondition[];
  readonly [field: string]: unknown;
}

/** The Node that a joining edge node gets. */
export function newNode(name: string, facts: NodeFacts): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { ...nodeLabels(name, facts), "node-role.kubernetes.io/edge": "", [edgeLabel]: "true" } },
    spec: {},
  };
}

/** The labels that follow from what the machine is. The host name of two machines may be the same: the node's is not. */
export function nodeLabels(name: string, facts: NodeFacts): Readonly<Record<string, string>> {
  const value = (text: string) =>
    text
      .replace(/[^-_.A-Za-z0-9]/g, "-")
      .slice(0, 63)
      .replace(/^[-_.]+|[-_.]+$/g, "");
  return {
    "kubernetes.io/hostname": value(name),
    "kubernetes.io/os": value(facts.operatingSystem),
    "kubernetes.io/arch": value(facts.architecture),
  };
}

/** The status of a Node that just reported these facts, which it can only do while it is connected. */
export function nodeStatus(old: NodeStatus, facts: NodeFacts, now: string): NodeStatus {
  const { runtimes = [] } = facts;
  const capacity = {
    cpu: String(facts.cpus),
    memory: `${Math.floor(facts.memoryBytes / 1024)}Ki`,
    "ephemeral-storage": `${Math.floor(facts.storageBytes / 1024)}Ki`,
    pods: String(facts.pods),
  };
  return {
    capacity,
    allocatable: capacity,
    addresses: facts.addresses,
    nodeInfo: {
      machineID: facts.machineId,
      systemUUID: "",
      bootID: facts.bootId,
      kernelVersion: facts.kernelVersion,
      osImage: facts.osImage,
      containerRuntimeVersion: runtimes.map(({ name, version }) => `${name}://${version}`).join(","),
      kubeletVersion: facts.kubeletVersion,
      kubeProxyVersion: "",
      operatingSystem: facts.operatingSystem,
      architecture: facts.architecture,
    },
    runtimeHandlers: handlersOf(runtimes),
    conditions: mergeNodeConditions(old.conditions ?? [], [...facts.pressures, ...connected], now),
  };
}

/** `v1.NodeRuntimeHandler`s, each once; the default one has no name. */
function handlersOf(runtimes: readonly NodeRuntime[]): readonly { readonly name?: string }[] {
  const names = new Set(runtimes.flatMap(({ handlers }) => handlers));
  return [...names].map((name) => (name === "" ? {} : { name }));
}
