import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP relay on the way to the cloud that counts bytes, TLS included, and can be cut. */
export class WireTap implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  up = 0;
  down = 0;

  private constructor(target: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      if (this.#isCut) return void near.destroy();
      const far = connect({ host: "127.0.0.1", port: target, noDelay: true });
      near.on("data", (data) => {
        this.up += data.byteLength;
        far.write(data);
      });
      far.on("data", (data) => {
        this.down += data.byteLength;
        near.write(data);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async to(port: number): Promise<WireTap> {
    const tap = new WireTap(port);
    await new Promise<void>((resolve) => tap.#server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends what is connected, and refuses what comes. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
    this.up = 0;
    this.down = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
