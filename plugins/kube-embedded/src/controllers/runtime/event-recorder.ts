import { createHash } from "node:crypto";
import type { Clock, Logger } from "@skerry/contracts";
import type { ApiObject } from "../../registry/api-object.ts";
import { eventKind } from "../../registry/builtin/index.ts";
import type { ClusterObjects } from "./cluster-objects.ts";

export interface ControllerEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
  /** Who says so, for instance `default-scheduler`. */
  readonly component: string;
}

/**
 * Writes Events about objects. The same event about the same object is one Event with a count. Events are for people:
 * one that cannot be written is logged, and nothing else depends on it.
 */
export class EventRecorder {
  readonly #objects: ClusterObjects;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #tail: Promise<void> = Promise.resolve();

  constructor(objects: ClusterObjects, clock: Clock, logger: Logger) {
    this.#objects = objects;
    this.#clock = clock;
    this.#logger = logger;
  }

  record(about: ApiObject, event: ControllerEvent): void {
    const at = `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
    this.#tail = this.#tail
      .then(() => this.#write(about, event, at))
      .catch((error: unknown) => this.#logger.debug("an event was not written", { reason: event.reason, error }));
  }

  /** Resolves when all events so far were written. */
  async flush(): Promise<void> {
    await this.#tail;
  }

  async #write(about: ApiObject, event: ControllerEvent, at: string): Promise<void> {
    const namespace = about.metadata.namespace ?? "default";
    const name = eventName(about, event);
    if (this.#objects.get(eventKind, { namespace, name }) === undefined) {
      await this.#objects.create(eventKind, newEvent(about, event, namespace, name, at));
      return;
    }
    await this.#objects.change(eventKind, { namespace, name }, (found) => ({
      ...found,
      count: Number(found["count"] ?? 1) + 1,
      lastTimestamp: at,
    }));
  }
}

function eventName({ metadata }: ApiObject, { reason, message, component }: ControllerEvent): string {
  const text = `${metadata.uid} ${component} ${reason} ${message}`;
  return `${metadata.name}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

function newEvent(about: ApiObject, event: ControllerEvent, namespace: string, name: string, at: string) {
  const { type, reason, message, component } = event;
  const { apiVersion, kind, metadata } = about;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: {
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
      ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
    },
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source: { component },
    reportingComponent: component,
    reportingInstance: component,
  };
}
