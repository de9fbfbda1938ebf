import { connect, createServer, type Server, type Socket } from "node:net";

/** One address for several ports of this machine, as a balancer of TCP connections is: in turn, and past those where nobody listens. */
export class Balancer {
  readonly #sockets = new Set<Socket>();
  /** May be changed at any time. */
  readonly targets: number[];
  readonly #server: Server;
  #turn = 0;
  #port = 0;

  private constructor(targets: number[]) {
    this.targets = targets;
    this.#server = createServer((near) => {
      near.on("error", () => near.destroy());
      this.#keep(near);
      this.#forward(near, this.targets.length);
    });
  }

  static async over(...targets: number[]): Promise<Balancer> {
    const balancer = new Balancer(targets);
    await new Promise<void>((done, failed) => {
      balancer.#server.once("error", failed).listen(0, "127.0.0.1", done);
    });
    const address = balancer.#server.address();
    if (typeof address === "object" && address !== null) balancer.#port = address.port;
    return balancer;
  }

  get port(): number {
    return this.#port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #forward(near: Socket, tries: number): void {
    if (tries === 0) return void near.destroy();
    const far = connect(this.targets[this.#turn++ % this.targets.length] ?? 0, "127.0.0.1");
    this.#keep(far);
    const next = () => this.#forward(near, tries - 1);
    far.once("error", next).once("connect", () => {
      far.off("error", next).on("error", () => near.destroy());
      far.on("close", () => near.destroy());
      near.on("close", () => far.destroy());
      near.pipe(far).pipe(near);
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
  }
}
