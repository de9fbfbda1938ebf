import type { EventEmitter } from "node:events";
import { Aedes, type AedesOptions, type Client, type PublishPacket } from "aedes";

type Done = (error?: Error) => void;
type Publish = (this: Aedes, packet: PublishPacket, client: Client | null, done: Done) => void;

/** The part of the broker's session store that `SessionBudget` watches over. */
export interface SessionStore {
  outgoingEnqueueCombi(sessions: readonly { readonly clientId: string }[], packet: PublishPacket): Promise<void>;
}

/**
 * Takes one message at a time, from whoever it comes. Left to itself the broker numbers messages when it takes
 * them but distributes those it must store first (retained, QoS 1) later; a message overtaken that way then
 * looks like a duplicate to its subscribers and is dropped.
 */
export class OrderedBroker extends Aedes {
  /** Known after `listen`. */
  declare readonly persistence: SessionStore;
  readonly #onError: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();

  /** @param onError told of failures inside the broker, which are no client's */
  constructor(options: AedesOptions, onError: (error: unknown) => void) {
    super(options);
    this.#onError = onError;
    (this as EventEmitter).on("error", onError);
  }

  override publish(packet: PublishPacket, clientOrDone: Client | null | Done, done?: Done): void {
    const client = typeof clientOrDone === "function" ? null : clientOrDone;
    const callback = typeof clientOrDone === "function" ? clientOrDone : done;
    const publishNow = super.publish as unknown as Publish;
    this.#last = this.#last
      .then(
        () =>
          new Promise<void>((resolve) => {
            publishNow.call(this, packet, client, (error) => {
              resolve();
              callback?.(error);
            });
          }),
      )
      .catch(this.#onError);
  }
}
