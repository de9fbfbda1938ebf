import {
  type Connection,
  type JsonValue,
  KubeApi,
  type KubeObject,
  Replica,
  type ReplicaInterest,
  type Resource,
  refKey,
  refOf,
  replicaInterestPoint,
  Storage,
  Transport,
  Uplink,
  type UplinkReceiver,
  type UplinkReport,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, FakeKubeApi, SeededRandom, startTestNode } from "@skerry/testing";
import { LoopbackHub, LoopbackTransport } from "@skerry/transport-loopback";
import { plugin as cloudLink } from "../../src/link/cloud/index.ts";
import { plugin as edgeLink } from "../../src/link/edge/index.ts";
import { WireTap } from "./wire-tap.ts";

const node = "edge-1";
const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const keys = ["a", "b", "c", "d"];
const objects = ["m0", "m1", "m2", "m3", "m4", "m5"];

/** A ConfigMap concerns edge-1 by a label, and leads to the one that `data.next` names. */
class Interest implements ReplicaInterest {
  readonly resources = [configMaps];
  route({ metadata, data }: KubeObject) {
    const next = (data as { next?: string } | undefined)?.next;
    const references = next === undefined ? [] : [{ group: "", kind: "ConfigMap", namespace: "default", name: next }];
    return { nodes: metadata.labels?.["on"] === "yes" ? [node] : [], references };
  }
}

/** One run of the edge's process: when it dies, its connections do. */
class Life implements Transport {
  readonly #transport: Transport;
  readonly #connections = new Set<Connection>();
  /** What this process was told the cloud has, as `name=value`. */
  readonly acknowledged = new Set<string>();
  readonly putFrames: string[] = [];
  isDead = false;

  constructor(hub: LoopbackHub) {
    this.#transport = new LoopbackTransport(hub, `system:node:${node}`, "cloud");
  }

  async connect(signal: AbortSignal): Promise<Connection> {
    if (this.isDead) return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const connection = await this.#transport.connect(signal);
    if (this.isDead) connection.destroy();
    this.#connections.add(connection);
    const sent = new Map<number, string>();
    let isClosing = false;
    const [up, down] = [new WireTap(), new WireTap()];
    return {
      peer: connection.peer,
      get buffered() {
        return connection.buffered;
      },
      send: (bytes, taken) => {
        const frame = up.see(bytes);
        if (frame?.type === "state") sent.set(frame.sequence, `${frame.key.name}=${frame.value}`);
        if (!this.isDead) connection.send(bytes, taken);
      },
      receive: (receiver) =>
        connection.receive({
          frame: (bytes) => {
            if (this.isDead) return;
            const frame = down.see(bytes);
            receiver.frame(bytes);
            if (frame?.type === "put") this.putFrames.push(frame.key);
            // Whoever has closed a session no longer listens to it.
            if (frame?.type !== "acknowledge" || isClosing) return;
            for (const sequence of frame.sequences) this.acknowledged.add(sent.get(sequence) ?? "");
          },
          closed: (code, reason) => {
            this.#connections.delete(connection);
            receiver.closed(code, reason);
          },
        }),
      close: (code, reason) => {
        isClosing = true;
        connection.close(code, reason);
      },
      destroy: () => connection.destroy(),
    };
  }

  listen(): never {
    throw new Error("an edge does not listen");
  }

  die(): void {
    this.isDead = true;
    for (const connection of [...this.#connections]) connection.destroy();
  }
}

/** A cloud, one edge node, its disk and the network between, on virtual time; one seed decides what happens to them. */
export class ScheduleWorld {
  readonly clock = new FakeClock();
  readonly hub = new LoopbackHub();
  readonly api = new FakeKubeApi();
  readonly disk = new MemoryDisk();
  readonly random: SeededRandom;
  readonly steps: string[] = [];
  readonly received: { readonly name: string; readonly value: number }[] = [];
  readonly violations: string[] = [];
  readonly counts: Record<string, number> = {};
  /** By key: the newest value whose put resolved. */
  readonly safe = new Map<string, number>();
  /** How the receiver in the cloud is. */
  mood: "well" | "failing" | "slow" = "well";
  #life: Life | undefined;
  #edge: Awaited<ReturnType<typeof startTestNode>> | undefined;
  #cloud: Awaited<ReturnType<typeof startTestNode>> | undefined;
  #release: (() => void) | undefined;
  #next = 0;

  constructor(readonly seed: number) {
    this.random = new SeededRandom(seed);
  }

  get edge() {
    if (!this.#edge) throw new Error("the edge is down");
    return this.#edge;
  }

  async start(): Promise<void> {
    await this.startCloud();
    await this.startEdge();
  }

  async startCloud(): Promise<void> {
    const world = this;
    class Receiver implements UplinkReceiver {
      readonly type = "twin";
      receive(report: UplinkReport): Promise<void> {
        return world.#receive(report);
      }
    }
    const manifest = {
      id: "test-interest",
      summary: "of a test",
      sdk: "^0.1.0",
      contributes: [replicaInterestPoint.id, uplinkReceiverPoint.id],
    };
    const interest = definePlugin(manifest, (scope) => {
      scope.contribute(replicaInterestPoint, Interest);
      scope.contribute(uplinkReceiverPoint, Receiver);
    });
    this.#cloud = await startTestNode({
      plugins: [cloudLink, interest],
      with: [
        [Transport, new LoopbackTransport(this.hub, "skerry-cloud", "cloud")],
        [KubeApi, this.api],
      ],
      clock: this.clock,
      random: this.random,
    });
  }

  async startEdge(): Promise<void> {
    const life = new Life(this.hub);
    this.#life = life;
    this.#edge = await startTestNode({
      plugins: [edgeLink],
      with: [
        [Transport, life],
        [Storage, new MemoryStorage(this.disk)],
      ],
      node: { name: node },
      clock: this.clock,
      random: this.random,
    });
  }

  async #receive({ name, value }: UplinkReport): Promise<void> {
    if (this.mood === "failing" && this.random.next() < 0.7) {
      throw new Error("the API is away");
    }
    if (this.mood === "slow") await this.clock.sleep(this.random.next() * 2_000);
    this.#took(name, value);
  }

  #took(name: string, value: JsonValue): void {
    const last = this.received.findLast((report) => report.name === name)?.value ?? 0;
    if (Number(value) < last) this.violations.push(`${name}: ${value} after ${last}`);
    if (this.#life?.acknowledged.has(`${name}=${value}`))
      this.violations.push(`${name}: ${value} came again after its ACK`);
    this.received.push({ name, value: Number(value) });
  }

  #putOne(): void {
    const name = keys[Math.floor(this.random.next() * keys.length)] ?? "";
    this.#next += 1;
    const value = this.#next;
    const life = this.#life;
    this.edge
      .service(Uplink)
      .put({ type: "twin", name }, value)
      .then(
        // A process that is gone told nobody anything.
        () => life?.isDead || this.safe.set(name, Math.max(value, this.safe.get(name) ?? 0)),
        () => undefined,
      );
  }

  #changeObject(): void {
    const pick = () => objects[Math.floor(this.random.next() * objects.length)] ?? "";
    const name = pick();
    if (this.random.next() < 0.2) return this.api.unseed(configMaps, { name, namespace: "default" });
    this.#next += 1;
    const labels = { on: this.random.next() < 0.5 ? "yes" : "no" };
    const data = { at: String(this.#next), ...(this.random.next() < 0.5 ? { next: pick() } : {}) };
    const metadata = { name, namespace: "default", labels };
    this.api.seed({ apiVersion: "v1", kind: "ConfigMap", metadata, data }, configMaps);
  }

  async crash(): Promise<void> {
    this.#life?.die();
    this.disk.crash();
    this.#release = undefined;
    await this.#stopping(this.#edge);
    await this.startEdge();
  }

  async #restart(): Promise<void> {
    // An orderly stop waits for the disk; a stalled one would make it miss its deadline.
    this.#unstall();
    await this.#stopping(this.#edge);
    await this.startEdge();
  }

  async #restartCloud(): Promise<void> {
    await this.#stopping(this.#cloud);
    await this.startCloud();
  }

  #stall(): void {
    this.#release ??= this.disk.holdSyncs();
  }

  #unstall(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #feel(mood: ScheduleWorld["mood"]): void {
    this.mood = mood;
  }

  async #stopping(kernel: { stop(): Promise<void> } | undefined): Promise<void> {
    let done = false;
    const stopping = kernel?.stop().then(
      () => undefined,
      () => undefined,
    );
    void stopping?.then(() => {
      done = true;
    });
    for (let turn = 0; turn < 50 && !done; turn += 1) await this.clock.advance(200);
    if (!done) throw new Error("a node does not stop");
  }

  async step(): Promise<void> {
    const chance = this.random.next();
    const choices: readonly (readonly [number, string, () => unknown])[] = [
      [0.35, "put", () => this.#putOne()],
      [0.5, "change", () => this.#changeObject()],
      [0.72, "wait", () => this.clock.advance(this.random.next() * 300)],
      [0.76, "wait long", () => this.clock.advance(this.random.next() * 15_000)],
      [0.81, "cut", () => this.hub.cut()],
      [0.85, "partition", () => this.hub.partition()],
      [0.89, "heal", () => this.hub.heal()],
      [0.91, "crash", () => this.crash()],
      [0.92, "restart", () => this.#restart()],
      [0.93, "restart cloud", () => this.#restartCloud()],
      [0.95, "stall the disk", () => this.#stall()],
      [0.97, "release the disk", () => this.#unstall()],
      [0.98, "disk full", () => this.disk.failNextSync()],
      [0.985, "failing", () => this.#feel("failing")],
      [0.99, "slow", () => this.#feel("slow")],
      [1, "well", () => this.#feel("well")],
    ];
    const choice = choices.find(([limit]) => chance < limit);
    const name = choice?.[1] ?? "";
    this.steps.push(name);
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    await choice?.[2]();
  }

  async settle(): Promise<void> {
    this.#unstall();
    this.hub.heal();
    this.mood = "well";
    await this.clock.advance(60_000);
  }

  /** What edge-1 should hold: what is labelled, and what that leads to. */
  wanted(): readonly string[] {
    const all = new Map(objects.map((name) => [name, this.api.peek(configMaps, { name, namespace: "default" })]));
    const held = new Set(objects.filter((name) => all.get(name)?.metadata.labels?.["on"] === "yes"));
    for (const name of held) {
      const next = (all.get(name)?.["data"] as { next?: string } | undefined)?.next;
      if (next !== undefined) held.add(next);
    }
    const existing = [...held].flatMap((name) => all.get(name) ?? []);
    return existing.map((object) => `${refKey(refOf(object))} ${JSON.stringify(object["data"])}`).sort();
  }

  holds(): readonly string[] {
    const list = this.edge.service(Replica).list({ group: "", kind: "ConfigMap" });
    return list.map((object) => `${refKey(refOf(object))} ${JSON.stringify(object["data"])}`).sort();
  }

  async stop(): Promise<void> {
    await this.#stopping(this.#edge);
    await this.#stopping(this.#cloud);
  }
}
