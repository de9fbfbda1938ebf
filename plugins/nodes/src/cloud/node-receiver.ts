import { Clock, KubeApi, type KubeObject, type UplinkReceiver, type UplinkReport } from "@skerry/contracts";
import { errorCode, errorFamily, errorMessage, inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { type NodeFacts, nodeUplinkType, parseNodeFacts } from "../shared/node-facts.ts";
import { edgeLabel, fieldManager, nodeResource } from "../shared/node-resources.ts";
import { type NodeStatus, newNode, nodeLabels, nodeStatus } from "./node-objects.ts";

const attempts = 5;

/** Keeps a Node for every edge node, from the facts that it reports of itself. */
export class NodeReceiver implements UplinkReceiver {
  readonly type = nodeUplinkType;

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async receive({ node, name, value }: UplinkReport): Promise<void> {
    if (node !== name) throw errors.create("SKERRY_NODES_NOT_ITSELF", { node, name });
    const facts = parseNodeFacts(value);
    if (typeof facts === "string") throw errors.create("SKERRY_NODES_BAD_FACTS", { node, problem: facts });
    try {
      await this.#write(node, facts);
    } catch (error) {
      // To the edge, "denied" would mean that its report is wrong; here it is the cloud's account that is.
      if (errorCode(error) !== "SKERRY_KUBE_FORBIDDEN") throw error;
      throw errors.create("SKERRY_NODES_NOT_WRITTEN", { node, problem: errorMessage(error) }, error);
    }
  }

  /** Others write Nodes too: a lost race is read and written again. */
  async #write(name: string, facts: NodeFacts): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const node = (await this.kube.get(nodeResource, { name })) ?? (await this.#create(name, facts));
        if (node.metadata.labels?.[edgeLabel] !== "true") {
          throw errors.create("SKERRY_NODES_FOREIGN", { node: name, label: `${edgeLabel}=true` });
        }
        await this.#writeStatus(await this.#writeLabels(node, facts), facts);
        return;
      } catch (error) {
        if (errorFamily(error) !== "conflict" || attempt === attempts) throw error;
      }
    }
  }

  #create(name: string, facts: NodeFacts): Promise<KubeObject> {
    return this.kube.create(newNode(name, facts), nodeResource);
  }

  async #writeLabels(node: KubeObject, facts: NodeFacts): Promise<KubeObject> {
    const { labels: present = {}, name, resourceVersion } = node.metadata;
    const labels = nodeLabels(name, facts);
    if (Object.entries(labels).every(([key, value]) => present[key] === value)) return node;
    return this.kube.patch(nodeResource, { name }, { metadata: { resourceVersion, labels } }, { fieldManager });
  }

  async #writeStatus(node: KubeObject, facts: NodeFacts): Promise<void> {
    const { name, resourceVersion } = node.metadata;
    const now = new Date(this.clock.now()).toISOString();
    const status = nodeStatus((node.status ?? {}) as NodeStatus, facts, now);
    const patch = { metadata: { resourceVersion }, status };
    await this.kube.patch(nodeResource, { name }, patch, { fieldManager, subresource: "status" });
  }
}
