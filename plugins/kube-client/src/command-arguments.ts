import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorMessage } from "@skerry/plugin";
import { errors } from "./errors.ts";

/** Options and words of a command line; `SKERRY_KUBE_USAGE` (misuse) for an option that is unknown or incomplete. */
export function readArguments<const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw wrongUsage(errorMessage(cause), usage, cause);
  }
}

export function wrongUsage(problem: string, usage: string, cause?: unknown): Error {
  return errors.create("SKERRY_KUBE_USAGE", { problem, usage }, cause);
}
