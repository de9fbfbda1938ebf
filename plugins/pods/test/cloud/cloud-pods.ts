import type { JsonValue, KubeObject, ReportOrder } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { FakeClock, FakeKubeApi, RecordingLogger } from "@skerry/testing";
import { PodReceiver } from "../../src/cloud/pod-receiver.ts";
import type { PodEvent, PodReport } from "../../src/shared/pod-report.ts";
import { eventResource, podResource } from "../../src/shared/pod-resources.ts";

export const uid = "00000000-aaaa-4000-8000-000000000001";

export const running: PodReport = {
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-01T00:00:00Z" }],
    hostIP: "192.168.1.7",
    hostIPs: [{ ip: "192.168.1.7" }],
    startTime: "2026-01-01T00:00:00Z",
    containerStatuses: [
      {
        name: "main",
        image: "scratch",
        imageID: "",
        containerID: "skerry-wasm://1",
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
        lastState: {},
      },
    ],
  },
  events: [],
  released: false,
};

export const started: PodEvent = {
  type: "Normal",
  reason: "Started",
  message: "Started container main",
  fieldPath: "spec.containers{main}",
  count: 1,
  first: "2026-01-01T00:00:00Z",
  last: "2026-01-01T00:00:00Z",
};

export interface Sender {
  readonly node?: string;
  readonly name?: string;
  readonly order?: ReportOrder;
}

/** The receiver of Pods over a Kubernetes API in memory, with one Pod that is bound to `edge-1`. */
export class CloudPods {
  readonly clock = new FakeClock();
  readonly kube = new FakeKubeApi(this.clock);
  readonly logger = new RecordingLogger();
  #receiver = this.#construct();

  constructor() {
    this.seed();
  }

  /** Puts the Pod in place, with parts of it replaced. */
  seed(parts: { readonly metadata?: object; readonly spec?: object; readonly status?: object } = {}): void {
    const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" };
    this.kube.seed(
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "hello", namespace: "default", uid, ...parts.metadata },
        spec: { nodeName: "edge-1", containers: [{ name: "main", image: "scratch" }], ...parts.spec },
        status: { phase: "Pending", qosClass: "BestEffort", conditions: [scheduled], ...parts.status },
      },
      podResource,
    );
  }

  /** As after a restart of the cloud kernel. */
  restart(): void {
    this.#receiver = this.#construct();
  }

  receive(report: unknown, from: Sender = {}): Promise<void> {
    const { node = "edge-1", name = `default/hello/${uid}`, order } = from;
    return this.#receiver.receive({ node, name, value: report as JsonValue, ...(order && { order }) });
  }

  /** The code that a report is refused with. */
  refusal(report: unknown, from?: Sender): Promise<string | undefined> {
    return this.receive(report, from).then(() => "taken", errorCode);
  }

  pod(): (KubeObject & { readonly status: Readonly<Record<string, unknown>> }) | undefined {
    return this.kube.peek(podResource, { name: "hello", namespace: "default" }) as ReturnType<CloudPods["pod"]>;
  }

  async events(): Promise<readonly KubeObject[]> {
    return this.kube.list(eventResource);
  }

  /** What was written since the last call, as `verb Kind`. */
  writes(): readonly string[] {
    const writes = this.kube.requests.filter(({ verb }) => verb !== "get" && verb !== "list");
    this.kube.requests.length = 0;
    return writes.map(({ verb, resource }) => `${verb} ${resource.kind}`);
  }

  /** Another cloud kernel over the same API. */
  another(): PodReceiver {
    return this.#construct();
  }

  #construct(): PodReceiver {
    return new PodReceiver(this.kube, this.clock, this.logger);
  }
}
