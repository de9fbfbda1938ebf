import { Clock, KubeApi, type KubeObject, Logger, type ObjectName, type Timer } from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { evictionAnnotation, parseEvictionWish } from "../../shared/eviction-wish.ts";
import { edgeLabel, namespaceResource, nodeResource, podResource } from "../../shared/node-resources.ts";
import { edgeTolerations, type Toleration } from "./edge-tolerations.ts";
import { isReady, nameOf, nodeOf, PodFixes } from "./pod-fixes.ts";
import { readyAgain } from "./ready-again.ts";

const retryMs = 2_000;

interface BoundPod {
  readonly name: Required<ObjectName>;
  readonly node: string;
}

/**
 * Keeps the Pods of edge nodes where they are while their node cannot be reached, unless somebody wished otherwise, and
 * says that they are ready again when it is back.
 */
export class EdgePods implements Startable, Stoppable {
  /** The edge nodes, and whether each is ready. */
  readonly #nodes = new Map<string, boolean>();
  readonly #wishes = new Map<string, string>();
  readonly #pods = new Map<string, BoundPod>();
  readonly #queue = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #watches: Disposable[] = [];
  readonly #fixes: PodFixes;
  #unsynced = 2;
  #working: Promise<void> | undefined;
  #retry: Timer | undefined;
  #stopped = false;

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.#fixes = new PodFixes(kube, clock);
  }

  async start(): Promise<void> {
    const synced = () => {
      this.#unsynced -= 1;
      if (this.#unsynced === 0) this.#work();
    };
    const edges = { labelSelector: `${edgeLabel}=true` };
    this.#watches.push(
      this.kube.watch(
        nodeResource,
        { upsert: (node) => this.#nodeChanged(node), remove: (node) => this.#nodes.delete(node.metadata.name), synced },
        edges,
      ),
      this.kube.watch(namespaceResource, {
        upsert: (namespace) => this.#namespaceChanged(namespace),
        remove: ({ metadata }) => this.#wishes.delete(metadata.name),
        synced,
      }),
      this.kube.watch(podResource, {
        upsert: (pod) => this.#podChanged(pod),
        remove: (pod) => this.#pods.delete(keyOf(nameOf(pod))),
        synced: () => undefined,
      }),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#retry?.[Symbol.dispose]();
    await this.#working;
  }

  #nodeChanged(node: KubeObject): void {
    const { name } = node.metadata;
    const [before, now] = [this.#nodes.get(name), isReady(node)];
    this.#nodes.set(name, now);
    if (before === undefined || (now && !before)) this.#lookAtPods((pod) => pod.node === name);
  }

  #namespaceChanged({ metadata: { name, annotations } }: KubeObject): void {
    const wish = annotations?.[evictionAnnotation];
    if (this.#wishes.get(name) === wish) return;
    if (wish === undefined) this.#wishes.delete(name);
    else this.#wishes.set(name, wish);
    this.#lookAtPods((pod) => pod.name.namespace === name);
  }

  #podChanged(pod: KubeObject): void {
    const name = nameOf(pod);
    const node = nodeOf(pod);
    if (node === undefined) return;
    this.#pods.set(keyOf(name), { name, node });
    if (this.#isWrong(pod)) this.#look(keyOf(name));
  }

  /** Most changes are reports of nodes, and need nothing. */
  #isWrong(pod: KubeObject): boolean {
    const { tolerations = [] } = pod.spec as { readonly tolerations?: readonly Toleration[] };
    const own = pod.metadata.annotations?.[evictionAnnotation];
    const wishes = { pod: wishIn(own), namespace: wishIn(this.#wishes.get(nameOf(pod).namespace)) };
    const isUnread = own !== undefined && wishes.pod === undefined;
    return isUnread || edgeTolerations(tolerations, wishes) !== tolerations || readyAgain(pod, "") !== undefined;
  }

  #lookAtPods(fits: (pod: BoundPod) => boolean): void {
    for (const [key, pod] of this.#pods) if (fits(pod)) this.#look(key);
  }

  #look(key: string): void {
    this.#queue.add(key);
    this.#work();
  }

  #work(): void {
    if (this.#unsynced > 0 || this.#stopped || this.#working !== undefined) return;
    this.#working = this.#drain().finally(() => {
      this.#working = undefined;
      if (this.#queue.size > 0) this.#work();
    });
  }

  async #drain(): Promise<void> {
    for (const key of this.#queue) {
      this.#queue.delete(key);
      const pod = this.#pods.get(key);
      if (this.#stopped || pod === undefined || !this.#nodes.has(pod.node)) continue;
      try {
        await this.#fixes.bringInStep(pod.name, pod.node, this.#wishes.get(pod.name.namespace));
      } catch (error) {
        this.logger.warn("a Pod of an edge node was not brought in step", { pod: key, error });
        this.#failed.add(key);
      }
    }
    if (this.#failed.size > 0 && !this.#stopped) this.#retry ??= this.clock.after(retryMs, () => this.#again());
  }

  #again(): void {
    this.#retry = undefined;
    for (const key of this.#failed) this.#look(key);
    this.#failed.clear();
  }
}

function wishIn(text: string | undefined) {
  return text === undefined ? undefined : parseEvictionWish(text);
}

function keyOf({ namespace, name }: Required<ObjectName>): string {
  return `${namespace}/${name}`;
}
