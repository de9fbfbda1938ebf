import { createHash } from "node:crypto";
import { KubeApi, type KubeObject, type LogBatch, type LoggedEntry, type LogReceiver } from "@skerry/contracts";
import { errorCode, errorMessage, inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { type NodeEvent, nodeEventLog, parseNodeEvent } from "../shared/node-event.ts";
import { eventResource, fieldManager } from "../shared/node-resources.ts";

/**
 * Writes what nodes tell of themselves as Kubernetes Events on their Nodes. An entry that comes again is the same
 * Event: its name follows from where it stands in the node's log.
 */
export class NodeEventReceiver implements LogReceiver {
  readonly type = nodeEventLog;

  constructor(@inject(KubeApi) private readonly kube: KubeApi) {}

  async receive({ node, epoch, entries }: LogBatch): Promise<void> {
    // What cannot be read is refused before anything of the batch is written.
    const events = entries.map((entry) => ({ entry, event: read(node, entry) }));
    for (const { entry, event } of events) await this.#write(toObject(node, epoch, entry, event));
  }

  async #write(event: KubeObject): Promise<void> {
    try {
      await this.kube.create(event, eventResource);
    } catch (error) {
      if (errorCode(error) === "SKERRY_KUBE_CONFLICT") return;
      const node = String((event["involvedObject"] as { readonly name?: unknown } | undefined)?.name);
      throw errors.create("SKERRY_NODES_NOT_WRITTEN", { node, problem: errorMessage(error) }, error);
    }
  }
}

function read(node: string, { name, value }: LoggedEntry): NodeEvent {
  if (name !== node) throw errors.create("SKERRY_NODES_NOT_ITSELF", { node, name });
  const event = parseNodeEvent(value);
  if (typeof event === "string") throw errors.create("SKERRY_NODES_BAD_FACTS", { node, problem: event });
  return event;
}

function toObject(node: string, epoch: string, { sequence, at }: LoggedEntry, event: NodeEvent): KubeObject {
  const place = createHash("sha256")
    .update(JSON.stringify([node, epoch, sequence]))
    .digest("hex")
    .slice(0, 16);
  const time = new Date(Math.min(at, latestTime)).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${node}.${place}`, namespace: "default" },
    // As the kubelet has it: a Node's events carry its name for its UID.
    involvedObject: { apiVersion: "v1", kind: "Node", name: node, uid: node },
    ...event,
    source: { component: fieldManager, host: node },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    reportingComponent: fieldManager,
    reportingInstance: node,
  };
}

/** The last moment that RFC 3339 can write: a node's clock may say anything. */
const latestTime = Date.parse("9999-12-31T23:59:59Z");
