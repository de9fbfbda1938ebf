import type { Cost, FramedConnection } from "../lanes/framed-connection.ts";
import { budgets } from "../wire/budgets.ts";
import type { Entries } from "../wire/frames.ts";
import type { LogIntake } from "./log-intake.ts";

/** The logs of one session: each in order, and answered in order. What waits is bounded by the lane's credit. */
export class SessionLogs {
  readonly #connection: FramedConnection;
  readonly #intake: LogIntake;
  readonly #chains = new Map<string, Promise<void>>();
  /** The last sequence of each log in this session. */
  readonly #last = new Map<string, number>();

  constructor(connection: FramedConnection, intake: LogIntake) {
    this.#connection = connection;
    this.#intake = intake;
  }

  /** Takes entries in, unless they are not after those before them in this session: then says so. */
  push(node: string, frame: Entries, cost: Cost): string | undefined {
    const { log, entries } = frame;
    const [first, last] = [entries[0]?.sequence ?? 0, entries.at(-1)?.sequence ?? 0];
    const before = this.#last.get(log) ?? 0;
    if (before === 0 && this.#last.size >= budgets.logs) return `more than ${budgets.logs} logs`;
    if (first <= before) return `entry ${first} of ${log} after ${before}`;
    this.#last.set(log, last);
    this.#enqueue(node, frame, cost);
    return undefined;
  }

  #enqueue(node: string, frame: Entries, cost: Cost): void {
    const { log } = frame;
    const before = this.#chains.get(log) ?? Promise.resolve();
    const chain = before.then(() => this.#take(node, frame, cost));
    this.#chains.set(log, chain);
    void chain.then(() => this.#chains.get(log) === chain && this.#chains.delete(log));
  }

  async #take(node: string, { log, epoch, entries }: Entries, cost: Cost): Promise<void> {
    const answer = await this.#intake.take(log, { node, epoch, entries }, () => this.#connection.isOpen);
    if (answer === "gone") return;
    this.#connection.consumed(cost);
    const upTo = entries.at(-1)?.sequence ?? 0;
    if (answer === "taken") return this.#connection.send({ type: "log-acknowledge", log, epoch, upTo });
    const code = answer.code.slice(0, budgets.codeBytes);
    const message = answer.message.slice(0, budgets.messageCharacters) || "no reason given";
    this.#connection.send({ type: "log-refuse", log, epoch, upTo, code, message });
  }
}
