import { connect, type Socket } from "node:net";
import type { Clock } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import type { Address } from "../probe-network.ts";

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ENOTFOUND: "lookup: no such host",
};

/** A connection that is open. Rejects as Go's `net.Dial` words it. */
export function dial({ host, port }: Address, clock: Clock, timeoutMs: number): Promise<Socket> {
  const what = `dial tcp ${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (reason: string) => {
      socket.destroy();
      timeout[Symbol.dispose]();
      reject(new Error(`${what}: ${reason}`));
    };
    const timeout = clock.after(timeoutMs, () => fail("i/o timeout"));
    socket.once("error", (error) => fail(reasons[String(errorCode(error))] ?? errorMessage(error)));
    socket.once("connect", () => {
      timeout[Symbol.dispose]();
      socket.removeAllListeners("error");
      // Whoever uses it listens; what comes when nobody does any more is nobody's.
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}
