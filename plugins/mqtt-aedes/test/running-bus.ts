import { RecordingLogger } from "@skerry/testing";
import mqtt, { type MqttClient } from "mqtt";
import { onTestFinished } from "vitest";
import { AedesMessageBus, type MqttSettings } from "../src/index.ts";

export const settings: MqttSettings = {
  listen: { host: "127.0.0.1", port: 0 },
  maximumPayloadBytes: 262_144,
  maximumClients: 20,
  maximumRetainedBytes: 1_000_000,
};

/** A bus on a free port, stopped after the test. */
export async function startBus(
  changes: Partial<MqttSettings> = {},
  logger = new RecordingLogger(),
): Promise<AedesMessageBus> {
  const bus = new AedesMessageBus({ ...settings, ...changes }, logger);
  await bus.start(new AbortController().signal);
  onTestFinished(async () => await bus.stop());
  return bus;
}

/** A connected client, ended after the test. */
export async function connectClient(bus: AedesMessageBus, options: mqtt.IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(bus.url, { reconnectPeriod: 0, ...options });
  onTestFinished(async () => await client.endAsync(true));
  return client;
}

/** Collects what a client receives, as `topic=payload`, with `!` when retained. */
export function collect(client: MqttClient): string[] {
  const lines: string[] = [];
  client.on("message", (topic, payload, { retain }) => lines.push(`${topic}=${payload}${retain ? "!" : ""}`));
  return lines;
}
