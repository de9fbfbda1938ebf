import { settingsToken } from "@skerry/contracts";

export interface CriSettings {
  /** Path of a unix socket. */
  readonly socket: string;
  readonly handlers: readonly string[];
  readonly cgroupParent: string;
  readonly relistMs: number;
}

export const Settings = settingsToken<CriSettings>();
