import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a port of this machine that a test opens and closes. Closed, nobody listens there. */
export class Gate {
  readonly #target: number;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(target: number, host: string) {
    this.#target = target;
    this.#host = host;
  }

  /**
   * Closed, with a port of its own that was free just now.
   * @param host the address of this machine at which it is
   */
  static async to(target: number, host = "127.0.0.1"): Promise<Gate> {
    const gate = new Gate(target, host);
    await gate.open();
    await gate.close();
    return gate;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer((near) => {
      const far = connect(this.#target, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy()).on("close", () => this.#sockets.delete(one));
        one.pipe(other);
      }
    });
    this.#server = server;
    await new Promise<void>((done, failed) => {
      server.once("error", failed).listen(this.#port, this.#host, () => {
        const address = server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        done();
      });
    });
  }

  /** Cuts what goes through, and lets nobody in. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise((done) => server.close(done));
  }
}
