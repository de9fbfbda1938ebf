import type { StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type AedesMessageBus, aedesMessageBusToken } from "./aedes-message-bus.ts";

/** Where MQTT clients connect, and how many do. */
export class MqttStatus implements StatusSection {
  readonly name = "mqtt";
  readonly #bus: AedesMessageBus;

  constructor(@inject(aedesMessageBusToken) bus: AedesMessageBus) {
    this.#bus = bus;
  }

  async collect(): Promise<StatusReport> {
    const { url, clients } = this.#bus;
    return { data: { url, clients }, lines: [`${url}, ${clients} ${clients === 1 ? "client" : "clients"}`] };
  }
}
