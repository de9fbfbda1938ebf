import { type KeyValueStore, Logger, Sealer, Storage } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import { decodeToken, encodeToken, type KeptToken } from "./kept-token.ts";

/** For the plugin's own classes. */
export const TokenStoreToken = defineToken<TokenStore>("pods.token-store/1");

/** The tokens of a node's Pods on its disk, each sealed in its place. */
export class TokenStore {
  #store: KeyValueStore | undefined;

  constructor(
    @inject(Storage) private readonly storage: Storage,
    @inject(Sealer) private readonly sealer: Sealer,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  /** Gives all there are. One that cannot be opened is logged, and counts as absent: another can be had. */
  async load(): Promise<ReadonlyMap<string, KeptToken>> {
    this.#store = await this.storage.open("pod-tokens");
    const found = new Map<string, KeptToken>();
    for (const { key, value } of await this.#store.range()) {
      try {
        found.set(key, decodeToken(this.sealer.open(value, contextOf(key))));
      } catch (error) {
        this.logger.warn("a stored token cannot be opened; another will be asked for", { key, error });
      }
    }
    return found;
  }

  /** Resolves when it survives a power cut. */
  async put(key: string, token: KeptToken): Promise<void> {
    await this.#store?.write([{ type: "put", key, value: this.sealer.seal(encodeToken(token), contextOf(key)) }]);
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#store?.write(keys.map((key) => ({ type: "delete", key }) as const));
  }
}

/** A token cannot be opened in the place of another. */
function contextOf(key: string): string {
  return `pod-token ${key}`;
}
