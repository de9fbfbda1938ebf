import type { BusMessage, MessageBus, TwinName } from "@skerry/contracts";
import { parseSetMessage } from "./set-message.ts";
import type { Twin } from "./twin.ts";
import type { TwinPublisher } from "./twin-publisher.ts";
import { parseSetTopic, setFilter } from "./twin-topics.ts";

const retainedReason = "a set message must not be retained: it would be asked again at every start";

/** Turns set messages on the bus into desired values; each gets at least one answer on its result topic. */
export class SetRequests {
  #subscription: AsyncDisposable | undefined;

  constructor(
    private readonly bus: MessageBus,
    private readonly publisher: TwinPublisher,
    private readonly find: (name: TwinName) => Twin | undefined,
  ) {}

  async start(): Promise<void> {
    this.#subscription = await this.bus.subscribe(setFilter, (message) => this.#receive(message));
  }

  async stop(): Promise<void> {
    await this.#subscription?.[Symbol.asyncDispose]();
  }

  #receive(message: BusMessage): void {
    const target = parseSetTopic(message.topic);
    // An empty payload is how MQTT clears a retained message, which is no request.
    if (target === undefined || (message.retained && message.payload.length === 0)) return;
    const { twin: name, property } = target;
    const request = parseSetMessage(message.payload);
    const id = request.id === undefined ? {} : { id: request.id };
    const refuse = (reason: string) => this.publisher.result(name, property, { ...id, state: "rejected", reason });

    const reason = message.retained ? retainedReason : "refused" in request ? request.refused : undefined;
    const twin = this.find(name);
    if (reason !== undefined) refuse(reason);
    else if (twin === undefined) refuse(`there is no device ${name} on this node`);
    else if ("value" in request) void twin.set(property, request.value, id);
  }
}
