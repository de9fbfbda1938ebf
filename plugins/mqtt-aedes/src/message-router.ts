import { errors } from "./errors.ts";
import { TopicTree } from "./topic-tree.ts";
import { filterMatches } from "./topics.ts";

export interface RoutedPacket {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

type Delivery = (packet: RoutedPacket, done: () => void) => void;
export type RoutedHandler = (topic: string, payload: Buffer, isRetained: boolean) => void;

/** What a retained message costs beyond its bytes, roughly. */
const retainedOverheadBytes = 256;

/**
 * The broker's distributor, in place of its own. It does not wait for deliveries, so a client that does not
 * read holds up nobody; and it knows the retained messages in step with the live ones, so that a subscription
 * inside the process sees each exactly once.
 */
export class MessageRouter {
  readonly #deliveries = new TopicTree<Delivery>();
  readonly #retained = new Map<string, Buffer>();
  #retainedBytes = 0;
  #isClosed = false;

  /** Called by the broker. */
  on(filter: string, delivery: Delivery, done?: () => void): this {
    this.#deliveries.add(filter, delivery);
    if (done) setImmediate(done);
    return this;
  }

  /** Called by the broker. */
  removeListener(filter: string, delivery: Delivery, done?: () => void): this {
    this.#deliveries.remove(filter, delivery);
    if (done) setImmediate(done);
    return this;
  }

  /** Called by the broker, one message after the other. */
  emit(packet: RoutedPacket, done: (error?: Error) => void): this {
    if (this.#isClosed) {
      done(errors.create("SKERRY_BUS_STOPPED", {}));
      return this;
    }
    if (packet.retain) {
      this.#retain(packet);
    }
    for (const delivery of this.#deliveries.match(packet.topic)) {
      delivery(packet, () => undefined);
    }
    done();
    return this;
  }

  /** Called by the broker. */
  close(done: () => void): void {
    this.#isClosed = true;
    done();
  }

  /** Calls the handler with retained messages now, and with every later message until disposed. */
  listen(filter: string, handler: RoutedHandler): Disposable {
    let isActive = true;
    const delivery: Delivery = ({ topic, payload }) => {
      if (isActive) handler(topic, payload, false);
    };
    const subscription: Disposable = {
      [Symbol.dispose]: () => {
        isActive = false;
        this.#deliveries.remove(filter, delivery);
      },
    };
    for (const [topic, payload] of [...this.#retained]) {
      if (filterMatches(filter, topic)) handler(topic, payload, true);
    }
    this.#deliveries.add(filter, delivery);
    return subscription;
  }

  /** Bytes that retained messages would take with this one added or replaced. */
  retainedBytesWith(topic: string, payloadBytes: number): number {
    const known = this.#retained.get(topic);
    const released = known === undefined ? 0 : costOf(topic, known.length);
    return this.#retainedBytes - released + (payloadBytes === 0 ? 0 : costOf(topic, payloadBytes));
  }

  #retain({ topic, payload }: RoutedPacket): void {
    this.#retainedBytes = this.retainedBytesWith(topic, payload.length);
    if (payload.length === 0) {
      this.#retained.delete(topic);
    } else {
      this.#retained.set(topic, payload);
    }
  }
}

function costOf(topic: string, payloadBytes: number): number {
  return topic.length + payloadBytes + retainedOverheadBytes;
}
