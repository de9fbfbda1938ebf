import { defineToken } from "@skerry/plugin";
import type { JsonObject } from "./json.ts";

/**
 * Asks the cloud something by HTTPS, the way the link goes: the same port, the same proxies, and a server that proves
 * itself as it does to the link.
 */
export interface CloudRequests {
  /**
   * Errors: those of `Transport.connect`, and `SKERRY_TRANSPORT_REFUSED` for an answer that is no JSON object or longer
   * than 256 KiB. An answer with any HTTP status resolves.
   */
  post(request: CloudRequest, signal: AbortSignal): Promise<CloudAnswer>;
}

export interface CloudRequest {
  readonly path: string;
  readonly body: JsonObject;
  /** Goes as `Authorization: Bearer`. */
  readonly bearer?: string;
  /** Whom to ask, in place of the cloud in the settings; no certificate of this node is shown there. */
  readonly cloud?: { readonly url: string /** PEM */; readonly ca: string };
}

export interface CloudAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export const CloudRequests = defineToken<CloudRequests>("transport.cloud-requests/1");
