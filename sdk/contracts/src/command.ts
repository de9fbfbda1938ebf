import { defineExtensionPoint } from "@skerry/plugin";

/** A command of the running node, called as `skerry <name> …` through the node's control socket. */
export interface Command {
  /** `[a-z][a-z-]*` */
  readonly name: string;
  /** For `skerry help`: one line. */
  readonly summary: string;
  /** For instance `skerry apply -f FILE`. */
  readonly usage: string;
  /** Exit code: 0 done, 1 failed, 2 wrong arguments. A thrown error is printed with its advice and gives 1. */
  run(call: CommandCall): Promise<number>;
}

export interface CommandCall {
  readonly arguments: readonly string[];
  /** Folder the caller is in; relative paths among the arguments start there. */
  readonly directory: string;
  out(text: string): void;
  err(text: string): void;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

export const commandPoint = defineExtensionPoint<Command>("kernel.command/1");
