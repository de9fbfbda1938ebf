import { settingsToken } from "@skerry/contracts";

export interface WebSocketSettings {
  readonly url?: string;
  readonly listen?: { readonly host: string; readonly port?: number };
  readonly tls: TlsSettings;
}

/** Paths of PEM files, relative to the node's home. */
export interface TlsSettings {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export const settingsOfWebSocket = settingsToken<WebSocketSettings>();
