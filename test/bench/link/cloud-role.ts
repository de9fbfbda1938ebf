import type { KubeObject, ReplicaInterest, Resource, UplinkReceiver, UplinkReport } from "@skerry/contracts";
import { FakeKubeApi } from "@skerry/testing/simulation";
import { systemClock, systemRandom } from "../../../kernel/src/host/index.ts";
import { CloudLink, type CloudLinkSettings } from "../../../kernel/src/link/cloud/cloud-link.ts";
import manifest from "../../../kernel/src/link/cloud/plugin.json" with { type: "json" };
import { nodeName } from "./authority.ts";
import { FewWords, settingsOf, transportOf } from "./parts.ts";
import { ownMemory, serve, sharedNow } from "./role.ts";

const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
export const sharedName = "shared";

export const ownName = (node: string, index: number) => `${node}.${index}`;
const ownerOf = (name: string) => name.split(".")[0] ?? "";

interface CloudToStart {
  readonly folder: string;
  readonly nodes: number;
  /** Of each node. */
  readonly objects?: number;
}

const configMap = (name: string, data: object): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data,
});

/** A link over an API in memory: what is measured is the link, not an API server. */
class CloudRole {
  readonly #api = new FakeKubeApi();
  readonly #last = new Map<string, number>();
  #link: CloudLink | undefined;
  #received = 0;
  #reordered = 0;

  async start({ folder, nodes, objects = 1 }: CloudToStart): Promise<number> {
    const names = Array.from({ length: nodes }, (_, index) => nodeName(index));
    // Each node has objects of its own, and one that all have.
    for (const name of names) {
      for (let index = 0; index < objects; index += 1) {
        this.#api.seed(configMap(ownName(name, index), { text: "x".repeat(200) }), configMaps);
      }
    }
    this.#api.seed(configMap(sharedName, { at: "0" }), configMaps);
    const interest: ReplicaInterest = {
      resources: [configMaps],
      route: ({ metadata: { name } }) => ({ nodes: name === sharedName ? names : [ownerOf(name)], references: [] }),
    };
    const receiver: UplinkReceiver = { type: "bench", receive: async (report) => this.#take(report) };
    const from = <T>(value: T) => ({ plugin: "bench", value });
    const transport = transportOf(folder, "cloud", { listen: { host: "127.0.0.1", port: 0 } });
    let listening: (address: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => {
      listening = resolve;
    });
    const listen = transport.listen.bind(transport);
    transport.listen = async (accept) => {
      const listener = await listen(accept);
      listening(listener.address);
      return listener;
    };
    this.#link = new CloudLink(
      transport,
      this.#api,
      { all: () => [from(interest)] },
      { all: () => [from(receiver)] },
      { all: () => [] },
      { all: () => [] },
      settingsOf<CloudLinkSettings>(manifest.settings, {}),
      systemClock,
      systemRandom,
      new FewWords(),
    );
    await this.#link.start();
    return Number((await address).split(":")[1]);
  }

  memory() {
    return { ...ownMemory(), sessions: this.#link?.list().length ?? 0 };
  }

  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }

  /** What all nodes have. */
  change(): Promise<void> {
    return this.#change(sharedName);
  }

  /** The first objects of the first node. */
  async changeSome({ count }: { readonly count: number }): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.#change(ownName(nodeName(0), index));
  }

  async #change(name: string): Promise<void> {
    const data = { data: { at: String(sharedNow()) } };
    await this.#api.patch(configMaps, { name, namespace: "default" }, data, { fieldManager: "bench" });
  }

  received() {
    const sum = [...this.#last.values()].reduce((total, value) => total + value, 0);
    return { count: this.#received, reordered: this.#reordered, sum };
  }

  async #take({ node, name, value }: UplinkReport): Promise<void> {
    const key = `${node}/${name}`;
    const before = this.#last.get(key) ?? 0;
    if (Number(value) < before) this.#reordered += 1;
    this.#last.set(key, Math.max(before, Number(value)));
    this.#received += 1;
  }
}

export function cloudRole(): void {
  const role = new CloudRole();
  serve({
    start: (parameters: CloudToStart) => role.start(parameters),
    memory: () => role.memory(),
    cpu: () => role.cpu(),
    change: () => role.change(),
    changeSome: (parameters: { count: number }) => role.changeSome(parameters),
    received: () => role.received(),
  });
}
