import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { WebSocket, WebSocketServer } from "ws";
import { nodeName } from "./authority.ts";
import type { EdgesToStart } from "./edges-role.ts";
import { ownMemory, serve, sharedNow } from "./role.ts";

/** What the link is compared with: a WebSocket over the same TLS, a JSON text a message, and nothing else. */
class PlainCloud {
  readonly #sockets = new Set<WebSocket>();
  #received = 0;

  async start({ folder }: { readonly folder: string }): Promise<number> {
    const [ca, cert, key] = await Promise.all(
      ["ca.crt", "cloud.crt", "key.pem"].map((name) => readFile(join(folder, name))),
    );
    const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
    const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
    sockets.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("message", (data) => {
        JSON.parse(String(data));
        this.#received += 1;
      });
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    return (server.address() as AddressInfo).port;
  }

  memory() {
    return { ...ownMemory(), sessions: this.#sockets.size };
  }

  change(): void {
    const text = JSON.stringify({ kind: "ConfigMap", name: "shared", data: { at: String(sharedNow()) } });
    for (const socket of this.#sockets) socket.send(text);
  }

  received(): number {
    return this.#received;
  }
}

class PlainEdges {
  readonly #sockets: WebSocket[] = [];
  #online = 0;
  #latencies: number[] = [];

  async start({ folder, port, first, count }: EdgesToStart): Promise<void> {
    const [ca, key] = await Promise.all(["ca.crt", "key.pem"].map((name) => readFile(join(folder, name))));
    const connect = async (index: number): Promise<void> => {
      const cert = await readFile(join(folder, `${nodeName(index)}.crt`));
      const socket = new WebSocket(`wss://127.0.0.1:${port}/`, { ca, cert, key, perMessageDeflate: false });
      const opened = await new Promise<boolean>((resolve) => {
        socket.once("open", () => resolve(true));
        socket.once("error", () => resolve(false));
      });
      if (!opened) return connect(index);
      this.#sockets.push(socket);
      this.#online += 1;
      socket.on("message", (data) => {
        const { data: value } = JSON.parse(String(data)) as { data: { at: string } };
        this.#latencies.push(sharedNow() - Number(value.at));
      });
    };
    await Promise.all(Array.from({ length: count }, (_, index) => connect(first + index)));
  }

  online(): number {
    return this.#online;
  }

  latencies(): readonly number[] {
    return this.#latencies.splice(0);
  }
}

export function plainCloudRole(): void {
  const role = new PlainCloud();
  serve({
    start: (parameters: { folder: string }) => role.start(parameters),
    memory: () => role.memory(),
    change: () => role.change(),
    received: () => role.received(),
  });
}

export function plainEdgesRole(): void {
  const role = new PlainEdges();
  serve({
    start: (parameters: EdgesToStart) => role.start(parameters),
    online: () => role.online(),
    latencies: () => role.latencies(),
  });
}
