import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { connect as connectSocket } from "node:net";
import Modbus from "jsmodbus";
import mqtt, { type MqttClient } from "mqtt";
import { parse } from "yaml";

export interface KubeResponse {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind.
  readonly body: any;
}

/** A Kubernetes client of node:https alone, with the credentials of a kubeconfig. */
export class Kube {
  readonly #server: URL;
  readonly #tls: { ca: Buffer; cert: Buffer; key: Buffer };

  private constructor(server: URL, tls: { ca: Buffer; cert: Buffer; key: Buffer }) {
    this.#server = server;
    this.#tls = tls;
  }

  static async from(kubeconfig: string): Promise<Kube> {
    const config = parse(await readFile(kubeconfig, "utf8"));
    const { server, "certificate-authority-data": ca } = config.clusters[0].cluster;
    const { "client-certificate-data": cert, "client-key-data": key } = config.users[0].user;
    const decode = (text: string) => Buffer.from(text, "base64");
    return new Kube(new URL(server), { ca: decode(ca), cert: decode(cert), key: decode(key) });
  }

  get(path: string): Promise<KubeResponse> {
    return this.#send("GET", path);
  }

  merge(path: string, patch: unknown): Promise<KubeResponse> {
    return this.#send("PATCH", path, patch, "application/merge-patch+json");
  }

  post(path: string, object: unknown): Promise<KubeResponse> {
    return this.#send("POST", path, object);
  }

  delete(path: string): Promise<KubeResponse> {
    return this.#send("DELETE", path);
  }

  /** Calls with every event of a watch until it is disposed. */
  watch(
    path: string,
    seen: (event: { readonly type: string; readonly object: KubeResponse["body"] }) => void,
  ): Disposable {
    const { hostname, port } = this.#server;
    const sent = request({ path, hostname, port, ...this.#tls }, (response) => {
      let rest = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) seen(JSON.parse(line));
      });
      // Ending the watch from this side is no failure.
      response.on("error", () => undefined);
    });
    sent.on("error", () => undefined);
    sent.end();
    return { [Symbol.dispose]: () => void sent.destroy() };
  }

  #send(method: string, path: string, body?: unknown, type = "application/json"): Promise<KubeResponse> {
    return new Promise((done, failed) => {
      const sent = request(
        {
          method,
          path,
          hostname: this.#server.hostname,
          port: this.#server.port,
          ...this.#tls,
          headers: { "content-type": type },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () =>
            done({ status: response.statusCode ?? 0, body: text === "" ? undefined : JSON.parse(text) }),
          );
        },
      );
      sent.on("error", failed);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** MQTT.js with every message it got, by topic. */
export class Mqtt implements AsyncDisposable {
  readonly client: MqttClient;
  readonly messages: { readonly topic: string; readonly text: string; readonly retain: boolean }[] = [];

  private constructor(client: MqttClient) {
    this.client = client;
    client.on("message", (topic, payload, packet) => {
      this.messages.push({ topic, text: payload.toString(), retain: packet.retain });
    });
  }

  static async connect(url: string, ...filters: readonly string[]): Promise<Mqtt> {
    const client = await mqtt.connectAsync(url);
    const connected = new Mqtt(client);
    if (filters.length > 0) await client.subscribeAsync([...filters]);
    return connected;
  }

  /** The newest message of a topic, as JSON. */
  last(topic: string) {
    const text = this.messages.findLast((message) => message.topic === topic)?.text;
    return text === undefined ? undefined : JSON.parse(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true);
  }
}

/** What jsmodbus, an independent Modbus client, reads from the meter. */
export async function readMeter(address: string): Promise<{ relay: boolean; limit: number; voltage: number }> {
  const [host = "", port = ""] = address.split(":");
  const socket = connectSocket({ host, port: Number(port) });
  const client = new Modbus.client.TCP(socket, 1);
  await new Promise<void>((done, failed) => socket.once("connect", done).once("error", failed));
  try {
    const coils = await client.readCoils(0, 1);
    const holding = await client.readHoldingRegisters(10, 1);
    const input = await client.readInputRegisters(0, 2);
    return {
      relay: Boolean(coils.response.body.valuesAsArray[0]),
      limit: (holding.response.body.valuesAsArray[0] ?? Number.NaN) / 10,
      voltage: input.response.body.valuesAsBuffer.readFloatBE(0),
    };
  } finally {
    socket.destroy();
  }
}
