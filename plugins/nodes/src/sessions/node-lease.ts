import type { Clock, KubeApi, KubeObject } from "@skerry/contracts";
import { errorCode, errorFamily } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { fieldManager, leaseResource, namespaceResource } from "../shared/node-resources.ts";

const namespace = "kube-node-lease";

/** How long a node counts as alive after its lease was renewed. */
export const leaseSeconds = 40;

/** A Lease that was not renewed for so long is taken by whoever has a session of its node. */
const abandonedAfterMs = (leaseSeconds * 1_000) / 2;

const attempts = 5;

interface LeaseSpec {
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** A Lease as this kernel last wrote it. */
interface Held {
  readonly session: number;
  readonly transitions: number;
  readonly resourceVersion: string | undefined;
}

/**
 * The Leases by which Kubernetes knows that nodes are alive. A session takes its node's Lease over when it begins, which counts
 * `leaseTransitions` up; from then on a kernel with an older session of the node, half open, neither renews nor judges it.
 */
export class NodeLeases {
  readonly #held = new Map<string, Held>();

  constructor(
    private readonly kube: KubeApi,
    private readonly clock: Clock,
  ) {}

  /**
   * One request, but for a new session or a Lease that others wrote.
   *
   * @param session when it began
   * @param uid of the Node, which owns its Lease: it goes with it
   * @returns whether this session has the Lease; if not, a newer one in another kernel renews it
   */
  async renew(node: string, session: number, uid: string | undefined): Promise<boolean> {
    const held = this.#held.get(node);
    if (held?.session === session && (await this.#written(node, held, uid))) return true;
    for (let attempt = 1; ; attempt += 1) {
      const lease: KubeObject | undefined = await this.kube.get(leaseResource, { name: node, namespace });
      const transitions = specOf(lease).leaseTransitions ?? 0;
      const isOwn = held?.session === session && held.transitions === transitions;
      if (held?.session === session && !isOwn && this.#runsFor(lease, abandonedAfterMs)) return false;
      const { resourceVersion } = lease?.metadata ?? {};
      const next = { session, transitions: isOwn ? transitions : transitions + 1, resourceVersion };
      if (await this.#written(node, next, uid)) return true;
      if (attempt === attempts) throw errors.create("SKERRY_NODES_LEASE_CONTENDED", { node, attempts });
    }
  }

  /** Whether another cloud kernel, or this one before its restart, has the lease and it still runs. */
  async isHeldElsewhere(node: string): Promise<boolean> {
    const lease: KubeObject | undefined = await this.kube.get(leaseResource, { name: node, namespace });
    const held = this.#held.get(node);
    if (held !== undefined && held.transitions === specOf(lease).leaseTransitions) return false;
    return this.#runsFor(lease, leaseSeconds * 1_000);
  }

  /** @returns false when the Lease is another than that of `resourceVersion` */
  async #written(node: string, lease: Held, uid: string | undefined): Promise<boolean> {
    try {
      await this.#write(node, lease, uid);
      return true;
    } catch (error) {
      const isGone = lease.resourceVersion !== undefined && errorCode(error) === "SKERRY_KUBE_NOT_FOUND";
      if (errorFamily(error) === "conflict" || isGone) return false;
      throw error;
    }
  }

  async #write(node: string, { session, transitions, resourceVersion }: Held, uid: string | undefined): Promise<void> {
    const spec = {
      holderIdentity: node,
      leaseDurationSeconds: leaseSeconds,
      leaseTransitions: transitions,
      renewTime: microTime(this.clock.now()),
    };
    const ownerReferences = uid === undefined ? [] : [{ apiVersion: "v1", kind: "Node", name: node, uid }];
    const metadata = { name: node, namespace, ...(uid === undefined ? {} : { ownerReferences }) };
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    const written =
      resourceVersion === undefined
        ? await this.#create(lease)
        : await this.kube.patch(
            leaseResource,
            { name: node, namespace },
            { metadata: { ...metadata, resourceVersion }, spec },
            { fieldManager },
          );
    this.#held.set(node, { session, transitions, resourceVersion: written.metadata.resourceVersion });
  }

  async #create(lease: KubeObject): Promise<KubeObject> {
    try {
      return await this.kube.create(lease, leaseResource);
    } catch (error) {
      if (errorCode(error) !== "SKERRY_KUBE_NOT_FOUND") throw error;
      await this.#createNamespace();
      return await this.kube.create(lease, leaseResource);
    }
  }

  #runsFor(lease: KubeObject | undefined, ms: number): boolean {
    const { renewTime } = specOf(lease);
    return renewTime !== undefined && Date.parse(renewTime) + ms > this.clock.now();
  }

  async #createNamespace(): Promise<void> {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    await this.kube.apply(object, namespaceResource, { fieldManager });
  }
}

function specOf(lease: KubeObject | undefined): LeaseSpec {
  return (lease?.spec ?? {}) as LeaseSpec;
}

/** `metav1.MicroTime`. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
