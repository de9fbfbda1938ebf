import {
  Clock,
  KubeApi,
  type KubeObject,
  Logger,
  type ObjectName,
  type ReportOrder,
  type UplinkReceiver,
  type UplinkReport,
} from "@skerry/contracts";
import { errorCode, errorFamily, errorMessage, inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { textAt } from "../shared/member.ts";
import { type PodReport, podUplinkType } from "../shared/pod-report.ts";
import { fieldManager, podResource } from "../shared/pod-resources.ts";
import { oversizedObjects } from "./oversized-objects.ts";
import { parsePodReport } from "./parse-pod-report.ts";
import { PodEvents } from "./pod-events.ts";
import { mergedStatus, statusPatch } from "./pod-status.ts";
import { isOvertaken, orderPatch } from "./report-order.ts";

const attempts = 5;

/** Writes what nodes report of their Pods into the Kubernetes API, and deletes the Pods that they let go of. */
export class PodReceiver implements UplinkReceiver {
  readonly type = podUplinkType;
  readonly #events: PodEvents;

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.#events = new PodEvents(kube, logger);
  }

  async receive({ node, name, value, order }: UplinkReport): Promise<void> {
    const key = parseName(name);
    const report = key === undefined ? "expected namespace/name/uid as its name" : parsePodReport(value);
    if (key === undefined || typeof report === "string") {
      throw errors.create("SKERRY_PODS_BAD_REPORT", { node, pod: name, problem: String(report) });
    }
    try {
      await this.#take(node, key, report, order);
    } catch (error) {
      // To the edge, "denied" would mean that its report is wrong; here it is the cloud's account that is.
      if (errorCode(error) !== "SKERRY_KUBE_FORBIDDEN") throw error;
      throw errors.create("SKERRY_PODS_NOT_WRITTEN", { node, pod: podName(key), problem: errorMessage(error) }, error);
    }
  }

  /**
   * A report of a Pod that is gone, or was replaced by one of its name, says nothing any more, as does one that a newer
   * report overtook on its way through another cloud kernel: it counts as taken.
   */
  async #take(node: string, key: PodKey, report: PodReport, order: ReportOrder | undefined): Promise<void> {
    const pod = await this.#written(node, key, report, order);
    if (pod === undefined) return;
    await this.#events.write(pod, report.events, node);
    if (isStuck(report)) await this.#explain(pod);
    if (!report.released || pod.metadata.deletionTimestamp === undefined) return;
    await this.kube.delete(podResource, key.name, { uid: key.uid, gracePeriodSeconds: 0 });
  }

  /** The Pod with the status as reported. Others write Pods too: a lost race is read and written again. */
  async #written(
    node: string,
    key: PodKey,
    report: PodReport,
    order: ReportOrder | undefined,
  ): Promise<KubeObject | undefined> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const pod = await this.kube.get(podResource, key.name);
      if (pod === undefined || pod.metadata.uid !== key.uid) return undefined;
      authorise(node, pod);
      if (isOvertaken(pod, order)) return undefined;
      try {
        return await this.#writeStatus(pod, report, order);
      } catch (error) {
        if (errorFamily(error) === "conflict") continue;
        // What a node has let go of must not stay because of how it says so.
        if (errorFamily(error) !== "invalid" || !report.released) throw error;
        this.logger.warn("the last status of a Pod was refused", { node, pod: podName(key), error });
        return pod;
      }
    }
    throw errors.create("SKERRY_PODS_CONTENDED", { pod: podName(key), attempts });
  }

  /** Status and order go in one request, which fails when the Pod has changed: no older report can come between. */
  async #writeStatus(pod: KubeObject, report: PodReport, order: ReportOrder | undefined): Promise<KubeObject> {
    const status = statusPatch(pod, mergedStatus(pod, report.status));
    const annotations = orderPatch(pod, order);
    if (status === undefined && annotations === undefined) return pod;
    const { resourceVersion, uid } = pod.metadata;
    const metadata = { resourceVersion, uid, ...(annotations && { annotations }) };
    const patch = { metadata, ...(status && { status }) };
    return this.kube.patch(podResource, nameOf(pod), patch, { fieldManager, subresource: "status" });
  }

  async #explain(pod: KubeObject): Promise<void> {
    const at = new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
    for (const message of await oversizedObjects(this.kube, pod)) {
      await this.#events.writeOnce(pod, {
        type: "Warning",
        reason: "ObjectTooLarge",
        message,
        count: 1,
        first: at,
        last: at,
      });
    }
  }
}

interface PodKey {
  readonly name: Required<ObjectName>;
  readonly uid: string;
}

function parseName(text: string): PodKey | undefined {
  const [namespace = "", name = "", uid = "", ...more] = text.split("/");
  if (namespace === "" || name === "" || uid === "" || more.length > 0) return undefined;
  return { name: { namespace, name }, uid };
}

function podName({ name }: PodKey): string {
  return `${name.namespace}/${name.name}`;
}

function nameOf({ metadata: { name, namespace = "default" } }: KubeObject): ObjectName {
  return { name, namespace };
}

function authorise(node: string, pod: KubeObject): void {
  const owner = textAt(pod.spec, "nodeName");
  if (owner === node) return;
  const { namespace = "default", name } = pod.metadata;
  const belongs = owner === undefined ? "no node" : `node ${owner}`;
  throw errors.create("SKERRY_PODS_NOT_OWNER", { node, pod: `${namespace}/${name}`, owner: belongs });
}

/** It does not run, and something is wrong. */
function isStuck({ status, events }: PodReport): boolean {
  return status["phase"] === "Pending" && events.some(({ type }) => type === "Warning");
}
