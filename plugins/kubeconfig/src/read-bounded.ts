import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { errorMessage } from "@skerry/plugin";
import { errors } from "./errors.ts";

/** Larger files are no kubeconfigs, certificates or tokens. */
export const maximumBytes = 1024 * 1024;

/** Rejects with `SKERRY_KUBECONFIG_UNREADABLE`. */
export async function readBounded(file: string): Promise<string> {
  const bad = (problem: string, cause?: unknown) =>
    errors.create("SKERRY_KUBECONFIG_UNREADABLE", { file, problem }, cause);
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw bad(errorMessage(error), error);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw bad("it is no file");
    if (status.size > maximumBytes) throw bad(`it is larger than ${maximumBytes} bytes`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}
