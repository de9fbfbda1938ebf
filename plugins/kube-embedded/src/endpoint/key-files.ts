import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { errorMessage } from "@skerry/plugin";
import { TokenFile } from "../auth/token-file.ts";
import { errors } from "../errors.ts";
import type { Settings } from "./settings.ts";

export interface KeyFiles {
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string;
  readonly ca: string;
  readonly admin: { readonly certificate: string; readonly key: string };
  readonly tokens: TokenFile;
}

/** Reads and checks every file the settings name; the first that cannot be used is `SKERRY_KUBE_EMBEDDED_FILE`. */
export async function readKeyFiles({ tls, admin, tokensFile }: Settings, home: string): Promise<KeyFiles> {
  const read = async (setting: string, path: string, check: (text: string) => unknown): Promise<string> => {
    const file = isAbsolute(path) ? path : join(home, path);
    try {
      const text = await readFile(file, "utf8");
      check(text);
      return text;
    } catch (cause) {
      throw errors.create("SKERRY_KUBE_EMBEDDED_FILE", { file, setting, problem: errorMessage(cause) }, cause);
    }
  };
  const certificate = (setting: string, path: string) => read(setting, path, (text) => new X509Certificate(text));
  const key = (setting: string, path: string) => read(setting, path, (text) => createPrivateKey(text));
  return {
    certificate: await certificate("tls.certificate", tls.certificate),
    key: await key("tls.key", tls.key),
    clientCa: await certificate("tls.clientCa", tls.clientCa),
    ca: await certificate("tls.ca", tls.ca),
    admin: {
      certificate: await certificate("admin.certificate", admin.certificate),
      key: await key("admin.key", admin.key),
    },
    tokens:
      tokensFile === undefined
        ? TokenFile.empty
        : TokenFile.parse(await read("tokensFile", tokensFile, () => undefined), tokensFile),
  };
}
