import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { errorCode, errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";

const maximumBytes = 1024;
const setting = "proxy.credentials";

/**
 * Reads `user:password`, one line, from a file that only its owner may read or write. Rejects with `SKERRY_TRANSPORT_BAD_CREDENTIALS`,
 * which never holds what is in the file.
 */
export async function readCredentials(file: string): Promise<string> {
  const bad = (problem: string, cause?: unknown) =>
    errors.create("SKERRY_TRANSPORT_BAD_CREDENTIALS", { file, setting, problem }, cause);
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw bad(errorCode(error) === "ENOENT" ? "does not exist" : `cannot be read: ${errorMessage(error)}`, error);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw bad("is no file");
    if ((status.mode & 0o077) !== 0) throw bad(`may be used by others: its mode is ${octal(status.mode)}, not 0600`);
    if (status.size > maximumBytes) throw bad(`is larger than ${maximumBytes} bytes`);
    const text = (await handle.readFile("utf8")).replace(/\r?\n$/, "");
    // A line break or another control character would end the header that carries it.
    if (!/^[^:\p{Cc}]+:\P{Cc}*$/u.test(text)) throw bad("does not hold one line of the form user:password");
    return text;
  } finally {
    await handle.close();
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
