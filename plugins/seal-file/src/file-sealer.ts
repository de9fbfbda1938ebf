import { resolve } from "node:path";
import { Logger, NodeInfo, Random, type Sealer, settingsToken } from "@skerry/contracts";
import { defineToken, inject, type Startable } from "@skerry/plugin";
import { AesSealer } from "./aes-sealer.ts";
import { readSealKey, type SealKey } from "./seal-key.ts";

export interface SealSettings {
  readonly file: string;
}

const Settings = settingsToken<SealSettings>();

/** The variables of this process; of its own so that tests have others. */
export const CredentialsFolder = defineToken<{ readonly path: string | undefined }>("seal-file.credentials/1");

/** Where systemd puts credentials of a service. */
export class SystemdCredentials {
  readonly path = process.env["CREDENTIALS_DIRECTORY"];
}

/** Seals by the node's key, which is read at the start. */
export class FileSealer implements Sealer, Startable {
  #sealer: AesSealer | undefined;
  #found: SealKey | undefined;

  constructor(
    @inject(Settings) private readonly settings: SealSettings,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(CredentialsFolder) private readonly credentials: { readonly path: string | undefined },
    @inject(Random) private readonly random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {}

  /** Rejects with `SKERRY_SEAL_BAD_KEY`. */
  async start(): Promise<void> {
    this.#found = readSealKey(resolve(this.node.home, this.settings.file), this.credentials.path, this.random);
    this.#sealer = new AesSealer(this.#found.key, this.random);
    if (this.#found.isNew) this.log.info("made a key to seal by", { keeper: this.#found.keeper });
  }

  get keeper(): string {
    return this.#found?.keeper ?? "none yet";
  }

  seal(bytes: Uint8Array, context: string): Uint8Array {
    return this.#started().seal(bytes, context);
  }

  open(sealed: Uint8Array, context: string): Uint8Array {
    return this.#started().open(sealed, context);
  }

  #started(): AesSealer {
    if (this.#sealer === undefined) throw new Error("the sealer is used before its start");
    return this.#sealer;
  }
}
