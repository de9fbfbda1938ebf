import type { Logger } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { AedesOptions, Client, PublishPacket } from "aedes";
import mqttPacket from "mqtt-packet";
import { MessageRouter } from "./message-router.ts";
import { OrderedBroker } from "./ordered-broker.ts";
import { SessionBudget } from "./session-budget.ts";
import { filterProblem, topicProblem } from "./topics.ts";

export interface BrokerLimits {
  readonly maximumPayloadBytes: number;
  readonly maximumRetainedBytes: number;
}

/** Unsent bytes of one client; beyond, QoS 0 messages skip it, and a QoS 1 or 2 message disconnects it. */
const maximumBacklogBytes = 4 * 1024 * 1024;
const sessionLimits = { messages: 1000, bytes: 16 * 1024 * 1024 };
const connectWithinMs = 10_000;
/** A client that takes nothing for this long while more than its buffer waits is disconnected. */
const drainWithinMs = 30_000;

export interface MqttBroker {
  readonly broker: OrderedBroker;
  readonly router: MessageRouter;
}

/** Configures an embedded broker whose every queue is bounded. It listens on no port by itself. */
export async function createMqttBroker(limits: BrokerLimits, logger: Logger): Promise<MqttBroker> {
  // Otherwise the first packet fills a cache of 65,536 buffers, 15 MiB.
  mqttPacket.writeToStream.cacheNumbers = false;
  const router = new MessageRouter();
  const options: AedesOptions = {
    mq: router,
    concurrency: 0,
    connectTimeout: connectWithinMs,
    drainTimeout: drainWithinMs,
    maxInflightInbound: 32,
    authorizePublish: (_, packet, done) => done(refusal(packet, router, limits)),
    authorizeSubscribe: (_, subscription, done) =>
      done(null, filterProblem(subscription.topic) === undefined ? subscription : null),
    authorizeForward: (client, packet) => (hasRoom(client, packet.qos) ? packet : null),
  };
  const broker = new OrderedBroker(options, (error) => logger.error("the MQTT broker failed at a message", { error }));
  await broker.listen();
  boundSessions(broker);
  for (const event of ["clientError", "connectionError"] as const) {
    broker.on(event, (client, error) =>
      logger.info("an MQTT client was disconnected", { client: client.id, reason: errorMessage(error) }),
    );
  }
  return { broker, router };
}

/** Why a client's message is not taken; its connection ends, as MQTT 3.1.1 knows no other answer. */
function refusal(packet: PublishPacket, router: MessageRouter, limits: BrokerLimits): Error | null {
  const { topic, payload, retain } = packet;
  const problem = topicProblem(topic);
  if (problem !== undefined) {
    return new Error(`refused topic: ${problem}`);
  }
  if (payload.length > limits.maximumPayloadBytes) {
    return new Error(`a payload of ${payload.length} bytes exceeds the limit of ${limits.maximumPayloadBytes}`);
  }
  if (retain) {
    if (router.retainedBytesWith(topic, payload.length) > limits.maximumRetainedBytes) {
      return new Error(`no room for another retained message`);
    }
    // What is kept must not hold the whole chunk it arrived in.
    packet.payload = Buffer.from(payload);
  }
  return null;
}

function hasRoom({ conn }: Client, qos: number): boolean {
  if (conn.writableLength <= maximumBacklogBytes) {
    return true;
  }
  if (qos > 0) {
    conn.destroy(new Error(`it does not read: more than ${maximumBacklogBytes} bytes wait for it`));
  }
  return false;
}

function boundSessions(broker: OrderedBroker): void {
  const budget = new SessionBudget(sessionLimits);
  const store = broker.persistence;
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  store.outgoingEnqueueCombi = async (sessions, packet) =>
    await enqueue(
      sessions.filter(({ clientId }) => budget.admit(clientId, packet.payload.length)),
      packet,
    );
  broker.on("ack", (_, client) => budget.acknowledge(client.id));
  broker.on("clientReady", (client) => {
    if (client.clean) budget.forget(client.id);
  });
}
