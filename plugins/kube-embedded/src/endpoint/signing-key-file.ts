import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode, errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { newSigningKey, type SigningKey, signingKeyOf } from "../tokens/signing-key.ts";

/** The key in a file, which is made when it is missing; `SKERRY_KUBE_EMBEDDED_FILE` for one that cannot be used. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  try {
    const kept = await textOf(file);
    if (kept === undefined) return signingKeyOf(await written(file, newSigningKey()));
    const mode = (await stat(file)).mode & 0o777;
    if ((mode & 0o077) !== 0) throw new Error(`it can be read by others (mode ${mode.toString(8)}); expected 600`);
    return signingKeyOf(kept);
  } catch (cause) {
    const details = { file, setting: "serviceAccountKey", problem: errorMessage(cause) };
    throw errors.create("SKERRY_KUBE_EMBEDDED_FILE", details, cause);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/** On disk, whole, before anything is signed with it. */
async function written(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = await open(`${file}.new`, "w", 0o600);
  try {
    await next.writeFile(text);
    await next.sync();
  } finally {
    await next.close();
  }
  await rename(`${file}.new`, file);
  return text;
}
