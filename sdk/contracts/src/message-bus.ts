import { defineToken } from "@skerry/plugin";

/** The local MQTT bus of a node. Topics and filters are MQTT's. */
export interface MessageBus {
  /** Where clients connect, for instance `mqtt://127.0.0.1:1883`. Known after start. */
  readonly url: string;
  /**
   * Resolves when the broker took the message; it does not wait for subscribers. Messages are delivered in the
   * order of the calls. Errors: `SKERRY_BUS_BAD_TOPIC`, `SKERRY_BUS_STOPPED`, `SKERRY_BUS_TOO_LARGE` (invalid),
   * `SKERRY_BUS_FULL` (unavailable: no room to retain more).
   */
  publish(topic: string, payload: Uint8Array | string, options?: PublishOptions): Promise<void>;
  /**
   * Delivers retained messages that match, then every matching message, one at a time in order.
   * A handler that throws is logged and does not end the subscription.
   */
  subscribe(filter: string, handler: (message: BusMessage) => void): Promise<AsyncDisposable>;
}

export interface PublishOptions {
  /** MQTT retain. An empty retained payload clears the topic. Default false. */
  readonly retain?: boolean;
  /** Default 0. */
  readonly qos?: 0 | 1;
}

export interface BusMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** True when it was stored before the subscription. */
  readonly retained: boolean;
}

export const MessageBus = defineToken<MessageBus>("bus.messages/1");
