import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorMessage } from "@skerry/plugin";
import { errors } from "./errors.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** `parseArgs` of Node, strict, whose complaints become usage errors. */
export function parseOptions<const O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (cause) {
    throw errors.create("SKERRY_CLI_USAGE", { problem: errorMessage(cause) }, cause);
  }
}

/** `-o json` and `-o text`. */
export function outputFormat(value: string | undefined): "json" | "text" {
  if (value === undefined || value === "text") return "text";
  if (value === "json") return "json";
  throw errors.create("SKERRY_CLI_USAGE", { problem: `-o takes text or json, not ${value}` });
}
