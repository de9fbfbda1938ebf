import { settingsToken } from "@skerry/contracts";

export interface WebSocketSettings {
  readonly url?: string;
  readonly listen?: { readonly host: string; readonly port?: number };
  readonly tls: TlsSettings;
  readonly proxy?: ProxySettings;
}

export interface ProxySettings {
  /** `http://host:port`, `https://host:port`, or `direct` for none. Absent: the environment says. */
  readonly url?: string;
  /** Path of a file with `user:password`, relative to the node's home. */
  readonly credentials?: string;
  /** Path of a PEM file with the authorities of a proxy over TLS. Absent: those that Node knows. */
  readonly ca?: string;
}

/** Paths of PEM files, relative to the node's home. */
export interface TlsSettings {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export const settingsOfWebSocket = settingsToken<WebSocketSettings>();
