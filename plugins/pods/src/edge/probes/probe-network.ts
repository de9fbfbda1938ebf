import { defineToken } from "@skerry/plugin";

export interface Address {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
}

export interface HttpRequest {
  readonly url: URL;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly location?: string;
  /** The first 10 KiB. */
  readonly body: string;
}

/** Answers of `grpc.health.v1.Health/Check`. */
export type ServingStatus = "UNKNOWN" | "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";

/**
 * Reaches what listens in a container. Everything ends within `timeoutMs` milliseconds, and rejects, when nothing was found,
 * with an error whose message says why, in the words of the kubelet.
 */
export interface ProbeNetwork {
  connect(address: Address, timeoutMs: number): Promise<void>;
  /** Follows no redirects. */
  get(request: HttpRequest, timeoutMs: number): Promise<HttpAnswer>;
  health(address: Address, service: string, timeoutMs: number): Promise<ServingStatus>;
}

export const ProbeNetwork = defineToken<ProbeNetwork>("pods.probe-network/1");
