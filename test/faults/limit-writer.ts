import { setTimeout as wait } from "node:timers/promises";
import mqtt, { type MqttClient } from "mqtt";
import type { Kube } from "../e2e/clients.ts";
import { readMeter } from "../e2e/clients.ts";
import type { Ledger } from "./ledger.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
const topics = { set: "skerry/default/meter-1/set/limit", result: "skerry/default/meter-1/result/limit" };
const answerWithinMs = 2_000;
/** The meter takes 1 to 80 A in steps of 0.1. */
const values = 700;

/** The value of an attempt; none repeats within a run that is not absurdly long. */
function limitOf(attempt: number): number {
  return (100 + (attempt % values)) / 10;
}

/**
 * Sets the meter's limit over MQTT again and again, whatever happens to the node; watches in the API what comes of it; at
 * the end, the meter and the API must have the last value that was acknowledged, or one that was asked for later.
 */
export class LimitWriter {
  readonly #ledger: Ledger;
  readonly #client: MqttClient;
  readonly #results = new Map<string, string>();
  readonly #stop = new AbortController();
  #attempt: number;
  #lastAcknowledged: number;
  #work: Promise<unknown> = Promise.resolve();

  /** What the ledger counts already, other writers set before. */
  constructor(url: string, ledger: Ledger) {
    this.#ledger = ledger;
    this.#attempt = this.#lastAcknowledged = ledger.counts.attempted;
    this.#client = mqtt.connect(url, { reconnectPeriod: 100, connectTimeout: 2_000, keepalive: 2 });
    this.#client.on("connect", () => this.#client.subscribe(topics.result, { qos: 1 }));
    this.#client.on("error", () => undefined);
    this.#client.on("message", (_, payload) => {
      const { id, state } = JSON.parse(payload.toString()) as { readonly id?: string; readonly state: string };
      if (id !== undefined && state !== "pending") this.#results.set(id, state);
    });
  }

  /** @param kube asks the API for the device; may fail while the API is away */
  start(kube: () => Promise<Kube>): void {
    this.#work = Promise.all([this.#write(), this.#look(kube)]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
    await this.#client.endAsync(true);
  }

  /** Counts what is lost: the meter and the API against what was acknowledged. Throws while they do not agree. */
  async judge(kube: Kube, meter: string): Promise<void> {
    const later = Array.from({ length: this.#attempt - this.#lastAcknowledged + 1 }, (_, index) =>
      limitOf(this.#lastAcknowledged + index),
    );
    const { spec, status } = (await kube.get(devicePath)).body;
    const { limit } = await readMeter(meter);
    const seen = [limit, status.desired.limit.value, spec.desired.limit];
    if (this.#lastAcknowledged > 0 && !seen.every((value) => value === seen[0] && later.includes(value))) {
      throw new Error(
        `meter, status and spec have ${seen}; acknowledged was ${limitOf(this.#lastAcknowledged)}, then ${later}`,
      );
    }
  }

  async #write(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (!this.#client.connected) {
        await wait(20);
        continue;
      }
      this.#attempt += 1;
      const attempt = this.#attempt;
      const id = `limit-${attempt}`;
      this.#ledger.attempt();
      this.#client.publish(topics.set, JSON.stringify({ value: limitOf(attempt), id }), { qos: 1 });
      if (await this.#answered(id)) {
        this.#ledger.acknowledge();
        this.#lastAcknowledged = attempt;
      }
      await wait(30);
    }
  }

  async #answered(id: string): Promise<boolean> {
    for (let waited = 0; waited < answerWithinMs && this.#client.connected; waited += 10) {
      const state = this.#results.get(id);
      if (state !== undefined) return state === "applied";
      await wait(10);
    }
    return false;
  }

  async #look(kube: () => Promise<Kube>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const { body } = await (await kube()).get(devicePath);
        const version: unknown = body?.status?.desired?.limit?.version;
        if (typeof version === "string") this.#ledger.sees(version);
      } catch {
        // The API is away: that is what the suite is about.
      }
      await wait(50);
    }
  }
}
