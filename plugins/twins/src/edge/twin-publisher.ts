import type { DesiredValue, Logger, MessageBus, ReportedValue, TwinName } from "@skerry/contracts";
import type { ReportedCondition } from "../shared/twin-report.ts";
import type { SetAnswer } from "./desired-effects.ts";
import { propertyTopic, stateTopic } from "./twin-topics.ts";

/**
 * Puts what happens to twins on the local bus, in the order of the calls. A broker that is away is logged
 * once; retained topics are right again with the next change.
 */
export class TwinPublisher {
  #failing = false;

  constructor(
    private readonly bus: MessageBus,
    private readonly logger: Logger,
  ) {}

  reported(twin: TwinName, property: string, { value, at, version }: ReportedValue): void {
    this.#retain(propertyTopic(twin, "reported", property), { value, at, version });
  }

  desired(twin: TwinName, property: string, { value, at, version }: DesiredValue): void {
    this.#retain(propertyTopic(twin, "desired", property), { value, at, version });
  }

  state(twin: TwinName, conditions: readonly ReportedCondition[], at: string): void {
    const connected = conditions.some(({ type, status }) => type === "Connected" && status === "True");
    this.#retain(stateTopic(twin), { connected, conditions, at });
  }

  result(twin: TwinName, property: string, answer: SetAnswer): void {
    this.#send(propertyTopic(twin, "result", property), JSON.stringify(answer), false);
  }

  clear(topic: string): void {
    this.#send(topic, "", true);
  }

  #retain(topic: string, payload: object): void {
    this.#send(topic, JSON.stringify(payload), true);
  }

  #send(topic: string, payload: string, retain: boolean): void {
    this.bus.publish(topic, payload, { retain }).then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => {
        if (!this.#failing) this.logger.warn("the local bus does not take messages", { topic, error });
        this.#failing = true;
      },
    );
  }
}
