import { defineExtensionPoint } from "@skerry/plugin";

/**
 * Cloud side: one thing that may be asked for by HTTPS at the port where nodes connect, by `POST` and in JSON. Whoever
 * asks need not have a certificate; what a route makes of the one that was shown, or not, is its own affair.
 */
export interface HttpRoute {
  /** `/[a-z][a-z-]*` */
  readonly path: string;
  /** A longer body is answered with 413 and not read to its end. */
  readonly maximumBodyBytes: number;
  /** A rejection is logged, and answered with 500 and nothing else. */
  answer(request: RouteRequest): Promise<RouteAnswer>;
}

export interface RouteRequest {
  readonly body: Uint8Array;
  /** What follows `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  /**
   * The certificate that was shown, in DER. Its key took part in the handshake, so it is the sender's; nothing else of
   * it is known to be true: neither who signed it, nor that it is valid now.
   */
  readonly certificate: Uint8Array | undefined;
  /** `host:port` of the sender. */
  readonly address: string;
}

export interface RouteAnswer {
  readonly status: number;
  readonly body: object;
}

export const httpRoutePoint = defineExtensionPoint<HttpRoute>("transport.http-route/1");
