import type { Amounts } from "./amounts.ts";
import type { HostPort } from "./host-port.ts";
import type { NodeView } from "./node-view.ts";
import type { NamespaceLabels } from "./pod-term.ts";
import type { PodView } from "./pod-view.ts";

/** A node with the Pods that are on it, or were given to it in this round. */
export class NodeLoad {
  readonly node: NodeView;
  readonly pods: PodView[] = [];
  readonly ports: HostPort[] = [];
  readonly requested = new Map<string, number>();
  readonly assumed = new Map<string, number>();

  constructor(node: NodeView) {
    this.node = node;
  }

  add(pod: PodView): void {
    this.pods.push(pod);
    for (const port of pod.ports) this.ports.push(port);
    addTo(this.requested, pod.requests);
    addTo(this.assumed, pod.assumed);
  }
}

/** The nodes as one round of scheduling sees them; it grows by what the round decides. */
export class ClusterView {
  readonly loads: readonly NodeLoad[];
  readonly namespaceLabels: NamespaceLabels;
  /** Pods that keep others away from where they are. */
  readonly exclusive: { readonly pod: PodView; readonly load: NodeLoad }[] = [];
  readonly #byName: ReadonlyMap<string, NodeLoad>;

  /** @param pods those that have a node and have not ended; of nodes that are not there they do not count */
  constructor(nodes: readonly NodeView[], pods: readonly PodView[], namespaceLabels: NamespaceLabels = () => ({})) {
    this.loads = nodes.map((node) => new NodeLoad(node));
    this.namespaceLabels = namespaceLabels;
    this.#byName = new Map(this.loads.map((load) => [load.node.name, load]));
    for (const pod of pods) {
      const load = this.#byName.get(pod.nodeName);
      if (load !== undefined) this.place(pod, load);
    }
  }

  place(pod: PodView, load: NodeLoad): void {
    load.add(pod);
    if (pod.awayFrom.length > 0) this.exclusive.push({ pod, load });
  }

  /** Every Pod with the node that it is on. */
  *placed(): Iterable<{ readonly pod: PodView; readonly load: NodeLoad }> {
    for (const load of this.loads) for (const pod of load.pods) yield { pod, load };
  }
}

function addTo(amounts: Map<string, number>, more: Amounts): void {
  for (const [name, amount] of more) amounts.set(name, (amounts.get(name) ?? 0) + amount);
}
