import { createHash } from "node:crypto";
import type { Clock, Device, KubeApi, KubeObject, Logger, Resource } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";

export const eventResource: Resource = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };

const fieldManager = "skerry-twins";
/** Series of equal events that are remembered; beyond, the oldest starts again at one. */
const remembered = 2_000;

export interface DeviceEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

interface Series {
  readonly first: string;
  readonly count: number;
}

/**
 * Writes Kubernetes Events about Devices. The same event of the same Device is one object with a count. Events are
 * for people: one that cannot be written is logged, and nothing else depends on it.
 */
export class EventRecorder {
  readonly #series = new Map<string, Series>();
  #tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly kube: KubeApi,
    private readonly clock: Pick<Clock, "now">,
    private readonly logger: Logger,
  ) {}

  record(device: Device, event: DeviceEvent): void {
    const now = new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
    const name = eventName(device, event);
    const { first, count } = this.#series.get(name) ?? { first: now, count: 0 };
    this.#remember(name, { first, count: count + 1 });
    const object = toObject(device, event, name, { first, count: count + 1 }, now);
    this.#tail = this.#tail.then(() => this.#write(object)).catch((error: unknown) => this.#failed(object, error));
  }

  /** Resolves when all events so far were written. */
  async flush(): Promise<void> {
    await this.#tail;
  }

  async #write(event: KubeObject & { readonly count: number }): Promise<void> {
    if (event.count === 1) {
      try {
        await this.kube.create(event, eventResource);
        return;
      } catch (error) {
        // A kernel before this one wrote it already: the series starts again.
        if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
      }
    }
    await this.kube.apply(event, eventResource, { fieldManager });
  }

  #failed({ metadata, reason }: KubeObject, error: unknown): void {
    this.logger.warn("an event was not written", { event: metadata.name, reason, error });
  }

  #remember(name: string, series: Series): void {
    this.#series.delete(name);
    this.#series.set(name, series);
    const [oldest] = this.#series.keys();
    if (this.#series.size > remembered && oldest !== undefined) this.#series.delete(oldest);
  }
}

function eventName({ metadata }: Device, { reason, message }: DeviceEvent): string {
  const text = `${metadata.uid ?? metadata.name} ${reason} ${message}`;
  return `${metadata.name}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

function toObject(device: Device, event: DeviceEvent, name: string, { first, count }: Series, now: string) {
  const { namespace = "default", uid, name: deviceName, resourceVersion } = device.metadata;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: device.apiVersion,
      kind: device.kind,
      namespace,
      name: deviceName,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    ...event,
    source: { component: fieldManager },
    firstTimestamp: first,
    lastTimestamp: now,
    count,
    reportingComponent: fieldManager,
    reportingInstance: "",
  };
}
