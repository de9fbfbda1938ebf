import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Kube } from "../e2e/clients.ts";
import { type Endpoints, eventually, Installation, skerry } from "../e2e/skerry.ts";
import type { Ledger } from "./ledger.ts";
import { type UnderFault, underFault } from "./under-fault.ts";

/** Heartbeats are short, so that what is measured in heartbeats takes little time. */
export const heartbeatMs = 500;

export const heartbeats = {
  SKERRY_KERNEL_CLOUD_LINK__HEARTBEAT_MS: String(heartbeatMs),
  SKERRY_KERNEL_EDGE_LINK__HEARTBEAT_MS: String(heartbeatMs),
};

/** Gives what the environment of its processes has more. */
export type Prepare = (installation: Installation) => Promise<NodeJS.ProcessEnv>;

/** Leaves nothing running when it fails. */
export async function startInstalled(prepare: Prepare) {
  const installation = await Installation.create();
  try {
    const environment = await prepare(installation);
    return { installation, endpoints: await installation.start({ ...heartbeats, ...environment }) };
  } catch (error) {
    await installation.stop("SIGTERM");
    throw error;
  }
}

/** A running installation, and a writer whose every acknowledgement is held against it. */
export class Faulted implements UnderFault {
  readonly installation: Installation;
  endpoints: Endpoints;

  private constructor(installation: Installation, endpoints: Endpoints) {
    this.installation = installation;
    this.endpoints = endpoints;
  }

  /** @param prepare what is to be so before its first start */
  static async start(prepare: Prepare = async () => ({})): Promise<Faulted> {
    const { installation, endpoints } = await startInstalled(prepare);
    return new Faulted(installation, endpoints);
  }

  async kube(): Promise<Kube> {
    return Kube.from(this.endpoints.kubeconfig);
  }

  /** What the edge says of its link. */
  async link(): Promise<{ readonly state: string; readonly reason: unknown }> {
    const { out } = await skerry(["status", "edge", "--home", this.installation.home, "-o", "json"]);
    return JSON.parse(out).edge.link;
  }

  /** Waits until both sides say that they agree; gives the milliseconds. */
  async agree(seconds: number): Promise<number> {
    const began = performance.now();
    await eventually("agreement", async () => ((await this.link()).state === "online" ? true : undefined), seconds);
    return performance.now() - began;
  }

  async linkPort(): Promise<number> {
    const ports = JSON.parse(await readFile(join(this.installation.home, "ports.json"), "utf8")) as { link: number };
    return ports.link;
  }

  async mqtt(): Promise<string> {
    this.endpoints = await this.installation.endpoints();
    return this.endpoints.mqtt;
  }

  async meter(): Promise<string> {
    return this.endpoints.meter;
  }

  /** Runs a fault while a writer writes, heals, and judges. */
  under(name: string, fault: (ledger: Ledger) => Promise<void>): Promise<Ledger> {
    return underFault(name, this, fault);
  }
}
