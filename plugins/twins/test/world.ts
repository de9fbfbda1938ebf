import {
  deviceModelResource,
  deviceResource,
  type JsonValue,
  type KubeObject,
  refOf,
  type TwinDriver,
} from "@skerry/contracts";
import { errorFamily } from "@skerry/plugin";
import type { SeededRandom } from "@skerry/testing";
import { TwinsInterest } from "../src/cloud/twins-interest.ts";
import { CloudNode } from "./cloud/cloud-node.ts";
import { demoModel, meter } from "./demo-meter.ts";
import { EdgeNode } from "./edge/edge-node.ts";

const twin = "default/meter-1";
/** The device itself refuses this value, which the model allows. */
export const refusedByDevice = 13;

/** Both halves of the twins, a link that can be cut between them, and a device. One seed replays it all. */
export class World {
  readonly edge = new EdgeNode(500);
  readonly cloud = new CloudNode();
  readonly device = new Map<string, JsonValue>();
  readonly #interest = new TwinsInterest();
  readonly #down = new Map<string, KubeObject | undefined>();
  #sent = 0;
  #isConnected = true;

  constructor(readonly random: SeededRandom) {}

  async start(): Promise<this> {
    this.cloud.seedModel(demoModel);
    this.cloud.seed(meter());
    for (const resource of [deviceModelResource, deviceResource]) {
      this.cloud.kube.watch(resource, {
        upsert: (object) => void this.#down.set(object.kind, object),
        remove: (object) => void this.#down.set(object.kind, undefined),
        synced: () => undefined,
      });
    }
    await this.cloud.start();
    await this.edge.start();
    await this.pump();
    this.attach();
    return this;
  }

  set isConnected(isConnected: boolean) {
    this.#isConnected = isConnected;
  }

  /** A device that takes values one turn later, and a driver that reads them back. */
  attach(): void {
    const driver: TwinDriver = {
      desire: ({ property, value, version }) => {
        queueMicrotask(() => {
          const refused = value === refusedByDevice;
          if (!refused) this.device.set(property.name, value);
          const outcome = refused
            ? ({ state: "rejected", reason: "illegal data value" } as const)
            : { state: "applied" as const };
          session.settle(property.name, version, outcome);
          session.report(property.name, this.device.get(property.name) ?? 0, this.edge.clock.now());
        });
      },
    };
    const session = this.edge.twins.attach(twin, driver);
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    for (const [property, value] of this.device) session.report(property, value, this.edge.clock.now());
  }

  /** Time passes on both sides. */
  async advance(ms: number): Promise<void> {
    await Promise.all([this.cloud.clock.advance(ms), this.edge.clock.advance(ms)]);
  }

  /** Carries what waits, down and up. What the cloud could not take stays and comes again, unless a newer one did. */
  async pump(): Promise<void> {
    await this.advance(1);
    if (!this.#isConnected) return;
    for (const [kind, object] of [...this.#down]) {
      this.#down.delete(kind);
      if (object !== undefined) this.edge.replica.put(this.#interest.project(object));
      else this.edge.replica.remove(refOf(kind === "Device" ? meter() : demoModel));
    }
    await this.advance(1);
    const newest = this.edge.uplink.puts.length;
    const put = this.edge.uplink.puts[newest - 1];
    if (put === undefined || this.#sent === newest) return;
    const taken = this.cloud.parts.receiver
      .receive({ node: "edge-1", name: twin, value: put.value })
      .catch((error: unknown) => {
        if (!["denied", "invalid", "misuse"].includes(errorFamily(error))) throw error;
      });
    const acknowledged = taken.then(
      () => {
        this.#sent = newest;
      },
      () => undefined,
    );
    await this.advance(500);
    await acknowledged;
  }

  async crashEdge(): Promise<void> {
    await this.edge.crash();
    this.attach();
  }

  /** Ends trouble of all kinds and lets both sides come to rest. */
  async heal(): Promise<void> {
    this.#isConnected = true;
    this.cloud.kube.connect();
    this.edge.comeOnline();
    for (let round = 0; round < 12; round += 1) {
      await this.pump();
      await this.advance(1_000);
    }
  }
}
