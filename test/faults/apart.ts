import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Kube } from "../e2e/clients.ts";
import { Background, type Endpoints, eventually, type Installation, skerry, skerryCommand } from "../e2e/skerry.ts";
import { heartbeats, type Prepare, startInstalled } from "./installed.ts";
import type { Ledger } from "./ledger.ts";
import { type UnderFault, underFault } from "./under-fault.ts";

export type Part = "meter" | "cloud" | "edge";

export interface PartOptions {
  /** Settings over those of the installation: `PLUGIN.PATH=VALUE`. */
  readonly set?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** What the command line begins with, for instance `ip netns exec …`. */
  readonly within?: readonly string[];
}

/** An installation whose meter, cloud and edge are processes that a fault starts and ends one by one. */
export class Apart implements UnderFault {
  readonly installation: Installation;
  readonly endpoints: Endpoints;
  readonly #parts = new Map<Part, Background>();
  #reached: { readonly mqtt: string; readonly meter: string };

  private constructor(installation: Installation, endpoints: Endpoints) {
    this.installation = installation;
    this.endpoints = endpoints;
    this.#reached = endpoints;
  }

  /** Everything was up once, so that objects and certificates are there; nothing runs. */
  static async prepare(prepare: Prepare = async () => ({})): Promise<Apart> {
    const { installation, endpoints } = await startInstalled(prepare);
    await installation.stop();
    return new Apart(installation, endpoints);
  }

  get home(): string {
    return this.installation.home;
  }

  /** Folder of its certificates. */
  get pki(): string {
    return join(this.home, "pki");
  }

  async ports(): Promise<Readonly<Record<"kubernetes" | "link" | "mqtt" | "meter", number>>> {
    return JSON.parse(await readFile(join(this.home, "ports.json"), "utf8"));
  }

  /** The bus and the meter are elsewhere, as this test sees them. */
  reachAt(elsewhere: (address: string) => string): void {
    const { mqtt, meter } = this.endpoints;
    this.#reached = { mqtt: `mqtt://${elsewhere(new URL(mqtt).host)}`, meter: elsewhere(meter) };
  }

  /** Starts a part and waits until it serves. */
  async start(part: Part, options: PartOptions = {}): Promise<void> {
    const { set = [], environment, within = [] } = options;
    const command = part === "meter" ? "demo-meter" : part;
    const args = [command, "--home", this.home, ...set.flatMap((one) => ["--set", one])];
    const process = Background.program([...within, ...skerryCommand(args)], { ...heartbeats, ...environment });
    this.#parts.set(part, process);
    if (part === "cloud") await eventually("the API", async () => ((await this.#version()) === 200 ? true : undefined));
    if (part === "edge")
      await eventually("the edge node", async () => (await this.status()).state === "running" || undefined);
  }

  part(part: Part): Background {
    const found = this.#parts.get(part);
    if (!found) throw new Error(`${part} was not started`);
    return found;
  }

  async stop(part: Part): Promise<void> {
    await this.#parts.get(part)?.stop();
    this.#parts.delete(part);
  }

  async kill(part: Part): Promise<void> {
    await this.#parts.get(part)?.kill();
    this.#parts.delete(part);
  }

  /** Ends what runs; the installation's files stay. */
  async stopAll(): Promise<void> {
    for (const part of ["edge", "cloud", "meter"] as const) await this.stop(part);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests reach into sections of every kind.
  async status(): Promise<any> {
    const { out } = await skerry(["status", "edge", "--home", this.home, "-o", "json"]);
    return JSON.parse(out).edge;
  }

  async mqtt(): Promise<string> {
    return this.#reached.mqtt;
  }

  async meter(): Promise<string> {
    return this.#reached.meter;
  }

  kube(): Promise<Kube> {
    return Kube.from(this.endpoints.kubeconfig);
  }

  async agree(seconds: number): Promise<number> {
    const began = performance.now();
    await eventually("agreement", async () => (await this.status()).link.state === "online" || undefined, seconds);
    return performance.now() - began;
  }

  under(name: string, fault: (ledger: Ledger) => Promise<void>): Promise<Ledger> {
    return underFault(name, this, fault);
  }

  async #version(): Promise<number> {
    return (await (await this.kube()).get("/version")).status;
  }
}
