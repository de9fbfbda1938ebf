import type { KubeObject } from "@skerry/contracts";
import { timestamp } from "./kube-deletion.ts";

/** A TokenRequest with its answer. */
export function answeredTokenRequest(request: KubeObject, token: string, now: number): KubeObject {
  const { expirationSeconds = 3600 } = (request.spec ?? {}) as { readonly expirationSeconds?: number };
  const status = { token, expirationTimestamp: timestamp(now + expirationSeconds * 1000) };
  return { ...request, spec: { ...(request.spec as object), expirationSeconds }, status };
}
