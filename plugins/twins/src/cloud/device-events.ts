import { Clock, type Device, KubeApi, Logger } from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { deviceTransitions } from "./device-transitions.ts";
import { EventRecorder } from "./event-recorder.ts";

/** Kubernetes Events for what happens to Devices. */
export class DeviceEvents implements Stoppable {
  readonly #recorder: EventRecorder;

  constructor(@inject(KubeApi) kube: KubeApi, @inject(Clock) clock: Clock, @inject(Logger) logger: Logger) {
    this.#recorder = new EventRecorder(kube, clock, logger);
  }

  async stop(): Promise<void> {
    await this.#recorder.flush();
  }

  /** The status of a Device was written. */
  changed(before: Device, after: Device): void {
    for (const event of deviceTransitions(before, after)) this.#recorder.record(after, event);
  }
}
