import { resolve } from "node:path";
import { Background, run } from "../e2e/skerry.ts";
import { must, needProgram } from "./prerequisite.ts";

const relay = resolve(import.meta.dirname, "relay.mjs");

/**
 * A network of its own for an edge node, with two cables to this one: the link's, which a fault pulls, and one by which a
 * test reaches what the node serves on its loopback.
 */
export class EdgeNamespace {
  readonly name: string;
  /** Where the cloud has to listen. */
  readonly cloudAddress: string;
  readonly #edgeAddress: string;
  readonly #cable: string;
  readonly #relays: Background[] = [];

  constructor(id = process.pid) {
    const net = id % 250;
    this.name = `skerry-faults-${id}`;
    this.#cable = `skl${id}`;
    this.cloudAddress = `10.201.${net}.1`;
    this.#edgeAddress = `10.202.${net}.2`;
  }

  /** Begins every command line of a process that is to be in it. */
  get within(): readonly string[] {
    return ["ip", "netns", "exec", this.name];
  }

  async open(): Promise<void> {
    await needProgram(["ip", "-V"], "iproute2");
    const { name } = this;
    await must("ip", "netns", "add", name);
    await must(...this.within, "ip", "link", "set", "lo", "up");
    const link = { here: this.#cable, there: "to-cloud", net: this.cloudAddress };
    const reach = { here: this.#cable.replace("skl", "skr"), there: "to-test", net: this.#edgeAddress };
    for (const { here, there, net } of [link, reach]) {
      const of = net.replace(/\.\d+$/, "");
      await must("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", name);
      await must("ip", "address", "add", `${of}.1/30`, "dev", here);
      await must("ip", "link", "set", here, "up");
      await must(...this.within, "ip", "address", "add", `${of}.2/30`, "dev", there);
      await must(...this.within, "ip", "link", "set", there, "up");
    }
  }

  /** Makes a port of the loopback in there reachable; gives its address out here. */
  expose(port: string): string {
    const outside = `${this.#edgeAddress}:${port}`;
    this.#relays.push(Background.program([...this.within, process.execPath, relay, `${outside}=127.0.0.1:${port}`]));
    return outside;
  }

  async cable(state: "up" | "down"): Promise<void> {
    await must("ip", "link", "set", this.#cable, state);
  }

  /** Whatever came before. The cables go with it. */
  async remove(): Promise<void> {
    for (const one of this.#relays) await one.stop();
    await run("ip", ["netns", "delete", this.name]);
  }
}
