import {
  Clock,
  settingsToken,
  type TcpAddress,
  type TcpHandlers,
  type TcpNetwork,
  type TcpStream,
} from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { NodeTcpStream } from "./node-tcp-stream.ts";
import { peerName, tcpReason } from "./tcp-reason.ts";

export interface NetSettings {
  readonly connectTimeoutMs: number;
}

const settingsOfNet = settingsToken<NetSettings>();

/** TCP over the operating system. `stop` closes every stream, with a reason. */
export class NodeTcpNetwork implements TcpNetwork, Stoppable {
  readonly #connectTimeoutMs: number;
  readonly #clock: Clock;
  readonly #streams = new Set<NodeTcpStream>();
  #isStopped = false;

  constructor(@inject(settingsOfNet) { connectTimeoutMs }: NetSettings, @inject(Clock) clock: Clock) {
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#clock = clock;
  }

  connect(address: TcpAddress, handlers: TcpHandlers): TcpStream {
    const problem = this.#isStopped ? "the node's network has stopped" : addressProblem(address);
    if (problem !== undefined) {
      return closedStream(handlers, problem);
    }
    try {
      const stream = new NodeTcpStream({
        address,
        handlers,
        clock: this.#clock,
        connectTimeoutMs: this.#connectTimeoutMs,
        released: (closed) => this.#streams.delete(closed),
      });
      this.#streams.add(stream);
      return stream;
    } catch (error) {
      return closedStream(handlers, tcpReason(error, peerName(address)));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const stream of [...this.#streams]) {
      stream.abort("the node's network has stopped");
    }
  }
}

function addressProblem({ host, port }: TcpAddress): string | undefined {
  if (host === "") {
    return "the address has no host";
  }
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? undefined : `port ${port} is not from 1 to 65535`;
}

/** A stream that closes as soon as the caller has it. */
function closedStream(handlers: TcpHandlers, reason: string): TcpStream {
  queueMicrotask(() => handlers.closed(reason));
  return { write: () => undefined, close: () => undefined };
}
