import type { Cost, FramedConnection } from "../lanes/framed-connection.ts";
import { budgets } from "../wire/budgets.ts";
import type { Entries } from "../wire/frames.ts";
import type { LogIntake } from "./log-intake.ts";

/** The logs of one session: each in order, and answered in order. What waits is bounded by the lane's credit. */
export class SessionLogs {
  readonly #connection: FramedConnection;
  readonly #intake: LogIntake;
  readonly #chains = new Map<string, Promise<void>>();

  constructor(connection: FramedConnection, intake: LogIntake) {
    this.#connection = connection;
    this.#intake = intake;
  }

  push(node: string, frame: Entries, cost: Cost): void {
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
