import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type BusMessage, Logger, type MessageBus, type PublishOptions, settingsToken } from "@skerry/contracts";
import { defineToken, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { BoundedConnection } from "./bounded-connection.ts";
import { errors } from "./errors.ts";
import { isLoopback } from "./loopback.ts";
import { createMqttBroker, type MqttBroker } from "./mqtt-broker.ts";
import { filterProblem, topicProblem } from "./topics.ts";

export interface MqttSettings {
  readonly listen: { readonly host: string; readonly port: number };
  readonly maximumPayloadBytes: number;
  readonly maximumClients: number;
  readonly maximumRetainedBytes: number;
}

const settingsOfMqtt = settingsToken<MqttSettings>();

interface Running extends MqttBroker {
  readonly server: Server;
  readonly url: string;
}

/** Room for a packet's topic and identifiers beside its payload. */
const packetOverheadBytes = 65_535 + 64;

/** The message bus over an embedded broker, which other processes of this machine reach over TCP. */
export class AedesMessageBus implements MessageBus, Startable, Stoppable {
  readonly #settings: MqttSettings;
  readonly #logger: Logger;
  readonly #connections = new Set<BoundedConnection>();
  #running: Running | undefined;

  constructor(@inject(settingsOfMqtt) settings: MqttSettings, @inject(Logger) logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  get url(): string {
    return this.#checkRunning().url;
  }

  /** MQTT clients that are connected now. */
  get clients(): number {
    return this.#running?.broker.connectedClients ?? 0;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { host } = this.#settings.listen;
    if (!isLoopback(host)) {
      throw errors.create("SKERRY_BUS_INSECURE_LISTENER", { host });
    }
    const mqtt = await createMqttBroker(this.#settings, this.#logger);
    const server = createServer((socket) => this.#accept(socket, mqtt));
    this.#running = { ...mqtt, server, url: "" };
    try {
      const { address, family, port } = await this.#listen(server, signal);
      this.#running = { ...mqtt, server, url: `mqtt://${family === "IPv6" ? `[${address}]` : address}:${port}` };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async publish(topic: string, payload: Uint8Array | string, options: PublishOptions = {}): Promise<void> {
    const { broker, router } = this.#checkRunning();
    checkTopic(topic, topicProblem(topic));
    const bytes = typeof payload === "string" ? Buffer.from(payload) : Buffer.from(payload);
    const { maximumPayloadBytes, maximumRetainedBytes } = this.#settings;
    if (bytes.length > maximumPayloadBytes) {
      throw errors.create("SKERRY_BUS_TOO_LARGE", { topic, bytes: bytes.length, limit: maximumPayloadBytes });
    }
    const { retain = false, qos = 0 } = options;
    if (retain && router.retainedBytesWith(topic, bytes.length) > maximumRetainedBytes) {
      throw errors.create("SKERRY_BUS_FULL", { topic, limit: maximumRetainedBytes });
    }
    await new Promise<void>((resolve, reject) => {
      broker.publish({ cmd: "publish", topic, payload: bytes, qos, retain, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  async subscribe(filter: string, handler: (message: BusMessage) => void): Promise<AsyncDisposable> {
    const { router } = this.#checkRunning();
    checkTopic(filter, filterProblem(filter));
    const subscription = router.listen(filter, (topic, payload, retained) => {
      try {
        handler({ topic, payload: Uint8Array.from(payload), retained });
      } catch (error) {
        this.#logger.error("a handler of MQTT messages failed", { topic, error });
      }
    });
    return { [Symbol.asyncDispose]: async () => subscription[Symbol.dispose]() };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) {
      return;
    }
    const closed = running.server.listening ? once(running.server, "close") : undefined;
    running.server.close();
    await new Promise<void>((resolve) => running.broker.close(resolve));
    for (const connection of this.#connections) {
      connection.destroy();
    }
    await closed;
  }

  async #listen(server: Server, signal: AbortSignal): Promise<AddressInfo> {
    const { host, port } = this.#settings.listen;
    server.maxConnections = this.#settings.maximumClients;
    server.on("drop", () => this.#logger.warn("an MQTT client was refused: too many connections"));
    try {
      server.listen(port, host);
      await once(server, "listening", { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw errors.create("SKERRY_BUS_CANNOT_LISTEN", { host, port, reason: errorMessage(error) }, error);
    }
    server.on("error", (error) => this.#logger.warn("an MQTT client could not be accepted", { error }));
    const bound = server.address() as AddressInfo;
    if (!isLoopback(bound.address)) {
      throw errors.create("SKERRY_BUS_INSECURE_LISTENER", { host: `${host} (${bound.address})` });
    }
    return bound;
  }

  #accept(socket: Socket, { broker }: MqttBroker): void {
    const connection = new BoundedConnection(socket, this.#settings.maximumPayloadBytes + packetOverheadBytes);
    this.#connections.add(connection);
    connection.once("close", () => this.#connections.delete(connection));
    broker.handle(connection);
  }

  #checkRunning(): Running {
    if (this.#running === undefined) {
      throw errors.create("SKERRY_BUS_STOPPED", {});
    }
    return this.#running;
  }
}

function checkTopic(topic: string, problem: string | undefined): void {
  if (problem !== undefined) {
    throw errors.create("SKERRY_BUS_BAD_TOPIC", { topic: JSON.stringify(topic.slice(0, 200)), problem });
  }
}

/** Private to this plugin. */
export const aedesMessageBusToken = defineToken<AedesMessageBus>("mqtt-aedes.bus/1");
