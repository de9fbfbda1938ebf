import { createPrivateKey, X509Certificate } from "node:crypto";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { errorCode, errorMessage, type SkerryError } from "@skerry/plugin";
import { authoritiesOf } from "./authorities.ts";
import { errors } from "./errors.ts";
import { maximumTlsFileBytes } from "./limits.ts";
import type { TlsSettings } from "./websocket-settings.ts";

/** Contents of PEM files that fit together. */
export interface TlsFiles {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Made of the three. */
  readonly context: SecureContext;
}

/** Older versions have known weaknesses. */
export const oldestTls = "TLSv1.2";

/**
 * Reads and checks the files. Rejects with `SKERRY_TRANSPORT_BAD_TLS_FILE`, which names the first bad one.
 *
 * @param known what was read before: given back when the files hold the same, as checking them costs milliseconds
 */
export async function readTlsFiles(settings: TlsSettings, home: string, known?: TlsFiles): Promise<TlsFiles> {
  const bad = (name: keyof TlsSettings, problem: string, cause?: unknown): SkerryError =>
    errors.create(
      "SKERRY_TRANSPORT_BAD_TLS_FILE",
      { file: resolve(home, settings[name]), setting: `tls.${name}`, problem },
      cause,
    );

  async function read(name: keyof TlsSettings): Promise<Buffer> {
    const pem = await readPem(resolve(home, settings[name])).catch((error: unknown) => {
      throw bad(name, readProblem(error), error);
    });
    if (pem === undefined) throw bad(name, `is larger than ${maximumTlsFileBytes} bytes`);
    return pem;
  }

  function parse<T>(name: keyof TlsSettings, what: string, decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      throw bad(name, `holds no ${what} in PEM`, error);
    }
  }

  const ca = await read("ca");
  const certificate = await read("certificate");
  const key = await read("key");
  if (known?.ca.equals(ca) && known.certificate.equals(certificate) && known.key.equals(key)) return known;
  parse("ca", "certificate", () => authoritiesOf(ca));
  const own = parse("certificate", "certificate", () => new X509Certificate(certificate));
  const privateKey = parse("key", "unencrypted private key", () => createPrivateKey(key));
  if (!own.checkPrivateKey(privateKey)) throw bad("key", "is not the key of the certificate");
  try {
    const context = createSecureContext({ ca, cert: certificate, key, minVersion: oldestTls });
    return { ca, certificate, key, context };
  } catch (error) {
    throw bad("certificate", `cannot be used for TLS: ${errorMessage(error)}`, error);
  }
}

/** Reads certificates of authorities. Rejects with `SKERRY_TRANSPORT_BAD_TLS_FILE`. */
export async function readAuthorities(file: string, setting: string): Promise<Buffer> {
  const bad = (problem: string, cause?: unknown) =>
    errors.create("SKERRY_TRANSPORT_BAD_TLS_FILE", { file, setting, problem }, cause);
  const pem = await readPem(file).catch((error: unknown) => {
    throw bad(readProblem(error), error);
  });
  if (pem === undefined) throw bad(`is larger than ${maximumTlsFileBytes} bytes`);
  try {
    authoritiesOf(pem);
    return pem;
  } catch (error) {
    throw bad("holds no certificate in PEM", error);
  }
}

/** `undefined`: the file is over the budget. */
async function readPem(path: string): Promise<Buffer | undefined> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    return size > maximumTlsFileBytes ? undefined : await file.readFile();
  } finally {
    await file.close();
  }
}

function readProblem(error: unknown): string {
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist";
    case "EACCES":
    case "EPERM":
      return "may not be read by this process";
    case "EISDIR":
      return "is a folder";
    default:
      return `cannot be read: ${errorMessage(error)}`;
  }
}
