import { settingsToken } from "@skerry/contracts";

export interface Settings {
  readonly listen: { readonly host: string; readonly port: number };
  /** Files in PEM. */
  readonly tls: {
    readonly certificate: string;
    readonly key: string;
    readonly clientCa: string;
    readonly ca: string;
  };
  readonly admin: { readonly certificate: string; readonly key: string };
  /** File in PEM. */
  readonly serviceAccountKey: string;
  readonly tokensFile?: string;
}

export const SettingsToken = settingsToken<Settings>();
