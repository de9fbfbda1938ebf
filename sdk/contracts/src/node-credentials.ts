import { defineToken } from "@skerry/plugin";

/** The certificate with which this node proves who it is. */
export interface NodeCredentials {
  /** Certificate and key are in one file, so that both can be replaced in one step. */
  readonly isReplaceable: boolean;
  /** In PEM, as it is now. Rejects with `SKERRY_TRANSPORT_BAD_TLS_FILE`. */
  read(): Promise<Credentials>;
  /**
   * Puts other credentials in their place, in one step and on disk when it resolves; connections made from then on show
   * them. Rejects with `SKERRY_TRANSPORT_NOT_ONE_FILE` when they are not replaceable.
   */
  replace(credentials: Credentials & { /** PEM, PKCS #8 */ readonly key: string }): Promise<void>;
}

export interface Credentials {
  /** PEM */
  readonly certificate: string;
  /** PEM: the authorities that this node trusts, one after the other. */
  readonly ca: string;
}

export const NodeCredentials = defineToken<NodeCredentials>("transport.node-credentials/1");
