import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, errorMessage } from "@skerry/plugin";
import { parseDocument } from "yaml";
import { errors } from "../errors.ts";
import { replaceFile } from "../up/write-file.ts";

export interface Joined {
  readonly node: string;
  readonly url: string;
  /** PEM */
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
  /** The folder with the mappers that came along. */
  readonly mappers: string;
}

const credentials = "pki/node.pem";
const authorities = "pki/ca.crt";
const pending = "pki/join.key";

/** The folder of an edge node, as far as joining is concerned. */
export class NodeFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The node that this folder is of already. */
  async node(): Promise<string | undefined> {
    const pem = await this.#read(credentials);
    if (pem === undefined) return undefined;
    const [, name] = /^CN=system:node:(.+)$/m.exec(new X509Certificate(pem).subject) ?? [];
    return name;
  }

  /**
   * The key to join with, PKCS #8 in PEM. It stays until the node has joined: who asks again because an answer was lost
   * is known by it.
   */
  async pendingKey(): Promise<string> {
    await mkdir(join(this.path, "pki"), { recursive: true, mode: 0o700 });
    const kept = await this.#read(pending);
    if (kept !== undefined) return kept;
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    await replaceFile(join(this.path, pending), privateKey, 0o600);
    return privateKey;
  }

  /** Puts everything in place with which the node starts. What else the settings say stays. */
  async settle({ node, url, certificate, key, ca, mappers }: Joined): Promise<void> {
    const settings = parseDocument((await this.#read("settings.yaml")) ?? "");
    if (settings.errors[0]) {
      const file = join(this.path, "settings.yaml");
      throw errors.create("SKERRY_CLI_BAD_FILE", { file, problem: settings.errors[0].message.trim() });
    }
    settings.setIn(["node"], node);
    settings.setIn(["plugins", "transport-websocket", "url"], url);
    settings.setIn(["plugins", "transport-websocket", "tls"], {
      ca: authorities,
      certificate: credentials,
      key: credentials,
    });
    if (!settings.hasIn(["plugins", "mappers-extism", "directory"])) {
      settings.setIn(["plugins", "mappers-extism", "directory"], mappers);
    }
    await replaceFile(join(this.path, authorities), ca);
    await replaceFile(join(this.path, credentials), `${certificate.trim()}\n${key.trim()}\n`, 0o600);
    await replaceFile(join(this.path, "settings.yaml"), settings.toString(), 0o600);
    await rm(join(this.path, pending), { force: true });
  }

  async #read(name: string): Promise<string | undefined> {
    const file = join(this.path, name);
    try {
      return await readFile(file, "utf8");
    } catch (cause) {
      if (errorCode(cause) === "ENOENT") return undefined;
      throw errors.create("SKERRY_CLI_BAD_FILE", { file, problem: errorMessage(cause) }, cause);
    }
  }
}
