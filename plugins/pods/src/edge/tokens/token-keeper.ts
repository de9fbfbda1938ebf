import { Clock, Logger, PodTokens } from "@skerry/contracts";
import { defineToken, errorMessage, inject, optional } from "@skerry/plugin";
import { Waiting } from "../containers/waiting.ts";
import { timeText } from "../plan/time-text.ts";
import type { Pod, TokenSource } from "../pod/pod.ts";
import { audienceOf, expiryOf, type KeptToken, renewalAt, secondsOf, tokenKey } from "./kept-token.ts";
import { type TokenStore, TokenStoreToken } from "./token-store.ts";

/** For the plugin's own classes. */
export const TokenKeeperToken = defineToken<TokenKeeper>("pods.token-keeper/1");

/** Between attempts while there is a way to the cloud, milliseconds. */
const retryMs = 10_000;

interface Problem {
  readonly message: string;
  /** By the clock that never goes back: it is not asked again before. */
  readonly until: number;
}

/** Has the tokens that this node's Pods name, renews them in time, and keeps the old ones where it cannot. */
export class TokenKeeper {
  readonly #problems = new Map<string, Problem>();
  /** Tokens whose end was told of. */
  readonly #told = new Set<KeptToken>();
  #kept = new Map<string, KeptToken>();

  constructor(
    @inject(TokenStoreToken) private readonly store: TokenStore,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(optional(PodTokens)) private readonly cloud: PodTokens | undefined,
  ) {}

  async load(): Promise<void> {
    this.#kept = new Map(await this.store.load());
  }

  /** Calls whenever tokens can be had again. */
  watch(opened: () => void): Disposable {
    return this.cloud?.watch(opened) ?? { [Symbol.dispose]: () => undefined };
  }

  /**
   * Asks for the tokens of a Pod that are missing or due.
   *
   * @returns sentences, each once, on tokens that have expired without another
   */
  async renew(pod: Pod): Promise<readonly string[]> {
    const sentences: string[] = [];
    for (const source of tokenSources(pod)) {
      if (this.#isDue(tokenKey(pod.metadata.uid, source))) await this.#ask(pod, source);
      sentences.push(...this.#expired(pod, source));
    }
    return sentences;
  }

  /** The token of a source; throws {@link Waiting} while there is none. */
  tokenOf({ metadata: { uid } }: Pod, source: TokenSource): string {
    const key = tokenKey(uid, source);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept.token;
    throw new Waiting(
      "ContainerCreating",
      `failed to fetch token: ${this.#problems.get(key)?.message ?? "it was not asked for"}`,
    );
  }

  /** In how many milliseconds a token of the Pod is to be looked at, if ever. */
  nextMs(pod: Pod): number | undefined {
    const now = this.clock.now();
    const moments = tokenSources(pod).flatMap((source) => {
      const kept = this.#kept.get(tokenKey(pod.metadata.uid, source));
      if (kept === undefined) return [];
      const [renewal, expiry] = [renewalAt(kept) - now, expiryOf(kept) - now];
      if (renewal > 0) return [renewal];
      return [...(this.cloud?.isOpen() ? [retryMs] : []), ...(expiry > 0 ? [expiry] : [])];
    });
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  /** Forgets the tokens of a Pod, on disk too. */
  forget(uid: string): Promise<void> {
    return this.#remove((owner) => owner === uid);
  }

  /** Forgets those of all other Pods. */
  keepOnly(uids: ReadonlySet<string | undefined>): Promise<void> {
    return this.#remove((owner) => !uids.has(owner));
  }

  #isDue(key: string): boolean {
    if (this.clock.monotonic() < (this.#problems.get(key)?.until ?? 0)) return false;
    const kept = this.#kept.get(key);
    const now = this.clock.now();
    // One from the future was received before the clock was set back: nobody knows how old it is.
    return kept === undefined || now >= renewalAt(kept) || now < kept.receivedAt;
  }

  async #ask(pod: Pod, source: TokenSource): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const key = tokenKey(uid, source);
    try {
      if (this.cloud === undefined) throw new Error("this node has no plugin that asks for tokens");
      const request = {
        pod: { namespace, name, uid },
        audience: audienceOf(source),
        expirationSeconds: secondsOf(source),
      };
      const { token, lifetimeSeconds } = await this.cloud.request(request);
      const kept = { token, receivedAt: this.clock.now(), lifetimeMs: lifetimeSeconds * 1000 };
      await this.store.put(key, kept);
      this.#forgetOne(key);
      this.#kept.set(key, kept);
    } catch (error) {
      const message = errorMessage(error);
      if (this.#problems.get(key)?.message !== message) {
        this.logger.warn("a Pod has no new token", { pod: `${namespace}/${name}`, error });
      }
      const until = this.cloud?.isOpen() ? this.clock.monotonic() + retryMs : 0;
      this.#problems.set(key, { message, until });
    }
  }

  #expired(pod: Pod, source: TokenSource): readonly string[] {
    const kept = this.#kept.get(tokenKey(pod.metadata.uid, source));
    if (kept === undefined || this.clock.now() < expiryOf(kept) || this.#told.has(kept)) return [];
    this.#told.add(kept);
    const problem = this.#problems.get(tokenKey(pod.metadata.uid, source))?.message ?? "";
    const account = pod.spec.serviceAccountName ?? "default";
    return [
      `the token of serviceaccount "${account}" expired at ${timeText(expiryOf(kept))} and stays in place until there is another: ${problem}`,
    ];
  }

  async #remove(isMeant: (uid: string) => boolean): Promise<void> {
    const keys = [...this.#kept.keys(), ...this.#problems.keys()].filter((key) => isMeant(key.split("/")[0] ?? ""));
    const stored = keys.filter((key) => this.#kept.has(key));
    for (const key of keys) this.#forgetOne(key);
    await this.store.remove([...new Set(stored)]);
  }

  #forgetOne(key: string): void {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#told.delete(kept);
    this.#kept.delete(key);
    this.#problems.delete(key);
  }
}

function tokenSources({ spec }: Pod): readonly TokenSource[] {
  return (spec.volumes ?? []).flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []),
  );
}
