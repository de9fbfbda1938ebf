import type { Duplex } from "node:stream";
import { Clock, Logger, type PodToken, type PodTokenRequest, type PodTokens, type Timer } from "@skerry/contracts";
import { defineToken, errorCode, inject, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { jsonLines } from "../shared/json-lines.ts";
import { longestAnswer, type NumberedAnswer, readTokenAnswer } from "../shared/token-stream.ts";

/** For the plugin's own classes. */
export const TokenChannelToken = defineToken<TokenChannel>("pods.token-channel/1");

const answerWithinMs = 10_000;

interface Asked {
  resolve(token: PodToken): void;
  reject(error: Error): void;
  readonly timer: Timer;
}

/** Asks over the stream that the cloud opened last. */
export class TokenChannel implements PodTokens, Stoppable {
  readonly #asked = new Map<number, Asked>();
  readonly #watchers = new Set<() => void>();
  #stream: Duplex | undefined;
  #last = 0;

  constructor(
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  isOpen(): boolean {
    return this.#stream !== undefined;
  }

  watch(opened: () => void): Disposable {
    this.#watchers.add(opened);
    return { [Symbol.dispose]: () => void this.#watchers.delete(opened) };
  }

  request(request: PodTokenRequest): Promise<PodToken> {
    const stream = this.#stream;
    if (stream === undefined) return Promise.reject(away("there is no link"));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(answerWithinMs, () => this.#settle(id)?.reject(away("it does not answer")));
      this.#asked.set(id, { resolve, reject, timer });
      stream.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  /** Takes the place of any stream before. */
  handle(stream: Duplex): void {
    this.#lost(this.#stream);
    this.#stream = stream;
    this.#read(stream).catch((error: unknown) => {
      const isBad = errorCode(error) === "SKERRY_PODS_BAD_LINE";
      this.logger[isBad ? "warn" : "debug"]("the stream for tokens was left", { error });
    });
    for (const opened of [...this.#watchers]) opened();
  }

  async stop(): Promise<void> {
    this.#lost(this.#stream);
  }

  async #read(stream: Duplex): Promise<void> {
    // How a stream ended is told once, by those who waited for an answer.
    stream.on("error", () => this.#lost(stream));
    try {
      for await (const line of jsonLines(stream, longestAnswer)) {
        const answer = readTokenAnswer(line);
        if (answer === undefined) throw errors.create("SKERRY_PODS_BAD_LINE", { problem: "it is no answer" });
        this.#answered(answer);
      }
    } finally {
      this.#lost(stream);
    }
  }

  #answered(answer: NumberedAnswer): void {
    const asked = this.#settle(answer.id);
    if ("error" in answer) asked?.reject(errors.create("SKERRY_PODS_TOKEN_REFUSED", { problem: answer.error }));
    else asked?.resolve({ token: answer.token, lifetimeSeconds: answer.lifetimeSeconds });
  }

  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    asked?.timer[Symbol.dispose]();
    this.#asked.delete(id);
    return asked;
  }

  #lost(stream: Duplex | undefined): void {
    stream?.destroy();
    if (stream === undefined || this.#stream !== stream) return;
    this.#stream = undefined;
    for (const id of [...this.#asked.keys()]) this.#settle(id)?.reject(away("the link was lost"));
  }
}

function away(problem: string): Error {
  return errors.create("SKERRY_PODS_TOKENS_AWAY", { problem });
}
