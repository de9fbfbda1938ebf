import { settingsToken } from "@skerry/contracts";

export interface EnrolmentSettings {
  /** Where nodes reach the link, as `wss://host:port`. */
  readonly url?: string;
  readonly authority?: { readonly certificate?: string; readonly key?: string };
  readonly certificateSeconds: number;
  readonly graceSeconds: number;
}

export const Settings = settingsToken<EnrolmentSettings>();
