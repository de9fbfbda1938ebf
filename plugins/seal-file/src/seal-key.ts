import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Random } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { keyBytes } from "./aes-sealer.ts";
import { errors } from "./errors.ts";

export interface SealKey {
  readonly key: Uint8Array;
  /** Where it is, for people. */
  readonly keeper: string;
  readonly isNew: boolean;
}

/** Name of the credential that systemd hands over, as LoadCredentialEncrypted= has it. */
export const credentialName = "skerry-seal-key";

/**
 * The key of this node: systemd's credential where there is one (which systemd-creds binds to a TPM), else the file, which
 * is made when it is missing. Throws `SKERRY_SEAL_BAD_KEY`.
 */
export function readSealKey(file: string, credentials: string | undefined, random: Pick<Random, "bytes">): SealKey {
  const credential = credentials === undefined ? undefined : join(credentials, credentialName);
  const given = credential === undefined ? undefined : readKey(credential);
  if (given !== undefined) return { key: given, keeper: `systemd credential ${credentialName}`, isNew: false };
  const kept = readKey(file);
  if (kept !== undefined) {
    refuseOpenFile(file);
    return { key: kept, keeper: `file ${file}`, isNew: false };
  }
  return { key: makeKey(file, random.bytes(keyBytes)), keeper: `file ${file}`, isNew: true };
}

/** `undefined`: there is no such file. Keys are 32 bytes, as they are or in hexadecimal. */
function readKey(file: string): Uint8Array | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw errors.create("SKERRY_SEAL_BAD_KEY", { file, problem: `cannot be read: ${errorMessage(cause)}` }, cause);
  }
  const text = bytes.toString("latin1").trim();
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : bytes;
  if (key.length === keyBytes) return key;
  throw errors.create("SKERRY_SEAL_BAD_KEY", { file, problem: `has ${bytes.length} bytes; expected ${keyBytes}` });
}

function refuseOpenFile(file: string): void {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  const problem = `can be read by others (mode ${mode.toString(8)}); expected 600`;
  throw errors.create("SKERRY_SEAL_BAD_KEY", { file, problem });
}

/** On disk, whole, before anything is sealed by it. */
function makeKey(file: string, key: Uint8Array): Uint8Array {
  const next = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(next, "w", 0o600);
    try {
      writeSync(handle, `${Buffer.from(key).toString("hex")}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, file);
    const folder = openSync(dirname(file), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (cause) {
    throw errors.create("SKERRY_SEAL_BAD_KEY", { file, problem: `cannot be written: ${errorMessage(cause)}` }, cause);
  }
  return key;
}
