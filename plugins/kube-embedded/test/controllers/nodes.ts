import type { Workloads } from "./workloads.ts";

export const nodes = "/api/v1/nodes";
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

export const edge = { "skerry.dev/edge": "true" };

/** A node of a test: it registers, renews its lease, and says how it is. */
export function testNode({ send, patch, clock }: Workloads, name: string) {
  const now = () => new Date(clock.now()).toISOString();
  const at = `${nodes}/${name}`;

  const condition = async (type: string, status: string, reason = "Test"): Promise<void> => {
    const { status: old } = await send("GET", at);
    const others = (old?.conditions ?? []).filter((it: { type: string }) => it.type !== type);
    const time = `${now().slice(0, 19)}Z`;
    const added = { type, status, reason, message: "", lastHeartbeatTime: time, lastTransitionTime: time };
    await patch(`${at}/status`, { status: { conditions: [...others, added] } });
  };

  const register = async (labels: object = {}, allocatable: object = {}): Promise<void> => {
    const all = { "kubernetes.io/hostname": name, ...labels };
    await send("POST", nodes, { apiVersion: "v1", kind: "Node", metadata: { name, labels: all } });
    const capacity = { cpu: "4", memory: "8Gi", pods: "110", ...allocatable };
    await patch(`${at}/status`, { status: { capacity, allocatable: capacity } });
    await condition("Ready", "True");
  };

  const renew = async (): Promise<void> => {
    const renewTime = now().replace("Z", "000Z");
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
    const found = await send("GET", leases);
    const exists = found.items.some((it: { metadata: { name: string } }) => it.metadata.name === name);
    if (exists) await patch(`${leases}/${name}`, { spec });
    else await send("POST", leases, { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec });
  };

  /** The conditions as `type=status`, and the taints as `name:effect` without their domain. */
  const state = async () => {
    const { spec = {}, status } = await send("GET", at);
    const conditions: { type: string; status: string }[] = status?.conditions ?? [];
    const taints: { key: string; effect: string }[] = spec.taints ?? [];
    return {
      conditions: conditions.map((it) => `${it.type}=${it.status}`).sort(),
      taints: taints.map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`),
    };
  };

  return { at, condition, register, renew, state };
}
