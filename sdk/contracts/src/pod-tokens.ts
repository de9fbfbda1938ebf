import { defineToken } from "@skerry/plugin";

/** Edge side: asks the cloud for tokens of the ServiceAccounts of this node's Pods. */
export interface PodTokens {
  /** Whether there is a way to the cloud now. */
  isOpen(): boolean;
  /**
   * A new token, bound to the Pod.
   *
   * Errors: `SKERRY_PODS_TOKENS_AWAY` (unavailable: there is no way to the cloud, or it was lost, or nobody answered in
   * time), `SKERRY_PODS_TOKEN_REFUSED` (denied: with the reason of the cloud or of its Kubernetes API).
   */
  request(request: PodTokenRequest): Promise<PodToken>;
  /** Calls whenever there is a way to the cloud again. */
  watch(opened: () => void): Disposable;
}

export interface PodTokenRequest {
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** Whom the token is for; empty: the Kubernetes API. */
  readonly audience: string;
  readonly expirationSeconds: number;
}

export interface PodToken {
  readonly token: string;
  /** For how long from now it holds: the clock of a node may be wrong. */
  readonly lifetimeSeconds: number;
}

export const PodTokens = defineToken<PodTokens>("workloads.pod-tokens/1");
