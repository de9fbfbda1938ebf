import { open, rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Credentials, type NodeCredentials, NodeInfo } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "./errors.ts";
import { readTlsFiles } from "./tls-files.ts";
import { settingsOfWebSocket, type WebSocketSettings } from "./websocket-settings.ts";

/** The files of the settings under `tls`. */
export class FileCredentials implements NodeCredentials {
  readonly #settings: WebSocketSettings;
  readonly #home: string;

  constructor(@inject(settingsOfWebSocket) settings: WebSocketSettings, @inject(NodeInfo) { home }: NodeInfo) {
    this.#settings = settings;
    this.#home = home;
  }

  get isReplaceable(): boolean {
    const { certificate, key } = this.#settings.tls;
    return resolve(this.#home, certificate) === resolve(this.#home, key);
  }

  async read(): Promise<Credentials> {
    const { certificate, ca } = await readTlsFiles(this.#settings.tls, this.#home);
    const [own = ""] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(certificate.toString()) ?? [];
    return { certificate: own, ca: ca.toString() };
  }

  async replace({ certificate, key, ca }: Credentials & { readonly key: string }): Promise<void> {
    const { tls } = this.#settings;
    const file = resolve(this.#home, tls.certificate);
    if (!this.isReplaceable) {
      throw errors.create("SKERRY_TRANSPORT_NOT_ONE_FILE", { certificate: tls.certificate, key: tls.key });
    }
    // Authorities first: whoever trusts the new one and shows the old certificate is still let in.
    const authorities = resolve(this.#home, tls.ca);
    if ((await this.read()).ca !== ca) await replaceFile(authorities, ca, 0o644);
    await replaceFile(file, `${certificate.trim()}\n${key.trim()}\n`, 0o600);
  }
}

/** A reader sees the old contents or the new, whole, also after a power cut. */
async function replaceFile(path: string, contents: string, mode: number): Promise<void> {
  const next = `${path}.new`;
  const file = await open(next, "w", mode);
  try {
    // The mode of a file that was left behind may be another.
    await file.chmod(mode);
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
