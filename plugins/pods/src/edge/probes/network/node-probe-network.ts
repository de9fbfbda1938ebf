import { Clock } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import type { Address, HttpAnswer, HttpRequest, ProbeNetwork, ServingStatus } from "../probe-network.ts";
import { dial } from "./dial.ts";

/** Over this machine's network. What speaks a protocol is loaded when the first Pod asks for it. */
export class NodeProbeNetwork implements ProbeNetwork {
  constructor(@inject(Clock) private readonly clock: Clock) {}

  async connect(address: Address, timeoutMs: number): Promise<void> {
    const socket = await dial(address, this.clock, timeoutMs);
    socket.destroy();
  }

  async get(request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
    const { httpGet } = await import("./http-get.ts");
    return httpGet(request, this.clock, timeoutMs);
  }

  async health(address: Address, service: string, timeoutMs: number): Promise<ServingStatus> {
    const { grpcHealth } = await import("./grpc-health.ts");
    return grpcHealth(address, service, this.clock, timeoutMs);
  }
}
