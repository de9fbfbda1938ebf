import type { Connection } from "@skerry/contracts";

/** What one end of a connection hears. */
export interface Ear {
  readonly frames: Uint8Array[];
  /** Codes of `closed`: one, at the end. */
  readonly codes: number[];
  readonly reasons: string[];
}

export function hear(connection: Connection | undefined): Ear {
  const ear: Ear = { frames: [], codes: [], reasons: [] };
  connection?.receive({
    frame: (bytes) => ear.frames.push(bytes),
    closed: (code, reason) => {
      ear.codes.push(code);
      ear.reasons.push(reason);
    },
  });
  return ear;
}
