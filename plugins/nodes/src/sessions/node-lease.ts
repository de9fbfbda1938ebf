import type { Clock, KubeApi, KubeObject } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { fieldManager, leaseResource, namespaceResource } from "../shared/node-resources.ts";

const namespace = "kube-node-lease";

/** How long a node counts as alive after its lease was renewed. */
export const leaseSeconds = 40;

/** The Leases by which Kubernetes knows that nodes are alive. Any cloud kernel that has the session renews. */
export class NodeLeases {
  /** When this kernel last renewed the lease of a node, as it is written there. */
  readonly #renewed = new Map<string, string>();

  constructor(
    private readonly kube: KubeApi,
    private readonly clock: Clock,
  ) {}

  /** @param uid of the Node, which owns its Lease: it goes with it */
  async renew(node: string, uid: string | undefined): Promise<void> {
    const renewTime = microTime(this.clock.now());
    const spec = { holderIdentity: node, leaseDurationSeconds: leaseSeconds, renewTime };
    const ownerReferences = uid === undefined ? [] : [{ apiVersion: "v1", kind: "Node", name: node, uid }];
    const metadata = { name: node, namespace, ...(uid === undefined ? {} : { ownerReferences }) };
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    try {
      await this.kube.apply(lease, leaseResource, { fieldManager });
    } catch (error) {
      if (errorCode(error) !== "SKERRY_KUBE_NOT_FOUND") throw error;
      await this.#createNamespace();
      await this.kube.apply(lease, leaseResource, { fieldManager });
    }
    this.#renewed.set(node, renewTime);
  }

  /** Whether another cloud kernel, or this one before its restart, renewed the lease and it still runs. */
  async isHeldElsewhere(node: string): Promise<boolean> {
    const lease: KubeObject | undefined = await this.kube.get(leaseResource, { name: node, namespace });
    const { renewTime } = (lease?.spec ?? {}) as { readonly renewTime?: string };
    if (renewTime === undefined || renewTime === this.#renewed.get(node)) return false;
    return Date.parse(renewTime) + leaseSeconds * 1_000 > this.clock.now();
  }

  async #createNamespace(): Promise<void> {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    await this.kube.apply(object, namespaceResource, { fieldManager });
  }
}

/** `metav1.MicroTime`. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
