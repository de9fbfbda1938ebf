import type { BusMessage, MessageBus, PublishOptions } from "@skerry/contracts";
import { defineErrors, type Stoppable } from "@skerry/plugin";

const errors = defineErrors({
  SKERRY_BUS_BAD_TOPIC: {
    family: "misuse",
    message: "MQTT topic or filter {topic} is not valid",
    advice: "Use a topic of MQTT 3.1.1, section 4.7: levels between slashes, wildcards only in filters.",
  },
  SKERRY_BUS_STOPPED: {
    family: "misuse",
    message: "the message bus is not running",
    advice: "Use the bus only between its start and its stop.",
  },
});

export interface PublishedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly qos: 0 | 1;
}

interface FakeSubscription {
  readonly filter: string;
  readonly handler: (message: BusMessage) => void;
}

/** A working bus without a broker: messages arrive in later microtasks, in the order of the calls. */
export class FakeMessageBus implements MessageBus, Stoppable {
  readonly url = "mqtt://127.0.0.1:1883";
  /** Everything published, for assertions. */
  readonly published: PublishedMessage[] = [];
  /** What handlers threw. */
  readonly handlerErrors: unknown[] = [];
  readonly #subscriptions = new Set<FakeSubscription>();
  readonly #retained = new Map<string, Uint8Array>();
  #last: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** The payload retained on a topic, as text. */
  retainedText(topic: string): string | undefined {
    const payload = this.#retained.get(topic);
    return payload === undefined ? undefined : new TextDecoder().decode(payload);
  }

  async publish(topic: string, payload: Uint8Array | string, options: PublishOptions = {}): Promise<void> {
    this.#check(topic, isTopic(topic));
    const { retain = false, qos = 0 } = options;
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : Uint8Array.from(payload);
    const message = { topic, payload: bytes, retain, qos };
    this.#last = this.#last.then(() => this.#take(message));
    await this.#last;
  }

  async subscribe(filter: string, handler: (message: BusMessage) => void): Promise<AsyncDisposable> {
    this.#check(filter, isFilter(filter));
    const subscription = { filter, handler };
    this.#subscriptions.add(subscription);
    for (const [topic, payload] of [...this.#retained]) {
      this.#deliver(subscription, topic, payload, true);
    }
    return { [Symbol.asyncDispose]: async () => void this.#subscriptions.delete(subscription) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#subscriptions.clear();
  }

  #take(message: PublishedMessage): void {
    const { topic, payload, retain } = message;
    this.published.push(message);
    if (retain && payload.length > 0) {
      this.#retained.set(topic, payload);
    } else if (retain) {
      this.#retained.delete(topic);
    }
    for (const subscription of [...this.#subscriptions]) {
      this.#deliver(subscription, topic, payload, false);
    }
  }

  #deliver(subscription: FakeSubscription, topic: string, payload: Uint8Array, retained: boolean): void {
    if (!this.#subscriptions.has(subscription) || !matches(subscription.filter, topic)) return;
    try {
      subscription.handler({ topic, payload: Uint8Array.from(payload), retained });
    } catch (error) {
      this.handlerErrors.push(error);
    }
  }

  #check(topic: string, isValid: boolean): void {
    if (this.#isStopped) throw errors.create("SKERRY_BUS_STOPPED", {});
    if (!isValid) throw errors.create("SKERRY_BUS_BAD_TOPIC", { topic: JSON.stringify(topic.slice(0, 200)) });
  }
}

const isText = (text: string): boolean =>
  text !== "" && text.length <= 65_535 && !/\p{Surrogate}|\uFFFD/u.test(text) && !text.includes("\0");

const isTopic = (topic: string): boolean => isText(topic) && !/[+#]/.test(topic) && !topic.startsWith("$SYS/");

const isFilter = (filter: string): boolean =>
  isText(filter) &&
  filter.split("/").every((level, index, levels) => {
    if (level === "#") return index === levels.length - 1;
    return level === "+" || !/[+#]/.test(level);
  });

function matches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const pattern = filter
    .split("/")
    .map((level) => (level === "+" ? "[^/]*" : level.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")))
    .join("/");
  // "a/#" also matches "a".
  const ending = pattern === "#" ? ".*" : pattern.replace(/\/#$/, "(/.*)?");
  return new RegExp(`^${ending}$`, "s").test(topic);
}
