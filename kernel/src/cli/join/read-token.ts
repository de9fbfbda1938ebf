import { open } from "node:fs/promises";
import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";

const maximumBytes = 16 * 1024;

/** The token of the command line, or of a file (`-`: standard input), where no other user of the machine sees it. */
export async function readToken(token: string | undefined, file: string | undefined): Promise<string> {
  if ((token === undefined) === (file === undefined)) {
    throw errors.create("SKERRY_CLI_USAGE", { problem: "one of --token and --token-file is needed" });
  }
  return token ?? (await readFile(file === "-" ? "/dev/stdin" : (file ?? ""))).trim();
}

async function readFile(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const buffer = Buffer.alloc(maximumBytes);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, maximumBytes - length);
        length += bytesRead;
        if (bytesRead === 0 || length === maximumBytes) return buffer.toString("utf8", 0, length);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw errors.create("SKERRY_CLI_BAD_FILE", { file: path, problem: errorMessage(cause) }, cause);
  }
}
