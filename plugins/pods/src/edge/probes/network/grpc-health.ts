import { connect, type IncomingHttpHeaders } from "node:http2";
import type { Clock } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { Address, ServingStatus } from "../probe-network.ts";
import { dial } from "./dial.ts";
import { decodeHealth, encodeHealthRequest, longestHealth } from "./health-message.ts";

const ok = "0";
const unimplemented = "12";

/** One call of the gRPC health protocol, in the clear, as the kubelet makes it. */
export async function grpcHealth(
  address: Address,
  service: string,
  clock: Clock,
  timeoutMs: number,
): Promise<ServingStatus> {
  const endsAt = clock.monotonic() + timeoutMs;
  const at = `${address.host}:${address.port}`;
  const socket = await dial(address, clock, timeoutMs).catch((error: unknown) => {
    throw new Error(`error: failed to connect service at "${at}": ${errorMessage(error)}`);
  });
  return new Promise((resolve, reject) => {
    const session = connect(`http://${at}`, { createConnection: () => socket });
    const end = (outcome: ServingStatus | Error) => {
      timeout[Symbol.dispose]();
      session.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const failed = (error: unknown) => end(new Error(`error: health rpc probe failed: ${errorMessage(error)}`));
    const timeout = clock.after(Math.max(0, endsAt - clock.monotonic()), () =>
      end(new Error(`timeout: health rpc did not complete within ${timeoutMs / 1000}s`)),
    );
    session.once("error", failed);
    const call = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      "user-agent": "kube-probe/1.32",
      te: "trailers",
    });
    let [head, body]: [IncomingHttpHeaders, Buffer] = [{}, Buffer.alloc(0)];
    const take = (headers: IncomingHttpHeaders) => {
      head = { ...head, ...headers };
    };
    call.once("response", take);
    call.once("trailers", take);
    call.on("data", (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length > longestHealth) failed(new Error("the answer is too long"));
    });
    call.once("error", failed);
    call.once("close", () => end(answer(head, body)));
    call.end(encodeHealthRequest(service));
  });
}

function answer(head: IncomingHttpHeaders, body: Buffer): ServingStatus | Error {
  const status = head["grpc-status"];
  if (status === unimplemented) {
    const what = "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)";
    return new Error(`${what}: ${String(head["grpc-message"] ?? "")}`);
  }
  const found = status === ok ? decodeHealth(body) : undefined;
  return found ?? new Error(`error: health rpc probe failed: ${String(head["grpc-message"] ?? "no answer")}`);
}
