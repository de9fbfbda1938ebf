import type { CommandResult } from "@skerry/contracts";
import type { Message } from "../cri/messages.ts";

/** Of an `ExecSyncResponse`. */
export function resultOf({ exitCode, stdout, stderr }: Message): CommandResult {
  return { exitCode: Number(exitCode), stdout: stdout as Uint8Array, stderr: stderr as Uint8Array };
}
