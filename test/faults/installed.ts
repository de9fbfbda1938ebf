import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Kube } from "../e2e/clients.ts";
import { type Endpoints, eventually, Installation, skerry } from "../e2e/skerry.ts";
import { Ledger } from "./ledger.ts";
import { LimitWriter } from "./limit-writer.ts";

/** Heartbeats are short, so that what is measured in heartbeats takes little time. */
export const heartbeatMs = 500;

/** A running installation, and a writer whose every acknowledgement is held against it. */
export class Faulted {
  readonly installation: Installation;
  endpoints: Endpoints;

  private constructor(installation: Installation, endpoints: Endpoints) {
    this.installation = installation;
    this.endpoints = endpoints;
  }

  static async start(): Promise<Faulted> {
    const installation = await Installation.create();
    const endpoints = await installation.start({
      SKERRY_KERNEL_CLOUD_LINK__HEARTBEAT_MS: String(heartbeatMs),
      SKERRY_KERNEL_EDGE_LINK__HEARTBEAT_MS: String(heartbeatMs),
    });
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

  /** Runs a fault while a writer writes, heals, and judges. */
  async under(name: string, fault: () => Promise<void>): Promise<Ledger> {
    const ledger = new Ledger(name);
    const writer = new LimitWriter(this.endpoints.mqtt, ledger);
    writer.start(() => this.kube());
    try {
      await fault();
    } finally {
      await writer.stop();
    }
    await this.agree(30);
    this.endpoints = await this.installation.endpoints();
    await eventually(
      "what was acknowledged",
      async () => {
        await writer.judge(await this.kube(), this.endpoints.meter);
        return true;
      },
      5,
    ).catch((error: unknown) => {
      ledger.lose();
      process.stdout.write(`${name}: ${error instanceof Error ? (error.cause ?? error.message) : error}\n`);
    });
    ledger.print();
    return ledger;
  }
}
