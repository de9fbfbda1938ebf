import type { KubeObject } from "@skerry/contracts";
import { FakeClock, FakeKubeApi, RecordingLogger } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { EdgePods } from "../src/cloud/index.ts";
import { edgeTolerations, type Toleration } from "../src/cloud/pods/edge-tolerations.ts";
import { readyAgain } from "../src/cloud/pods/ready-again.ts";
import { evictionAnnotation, parseEvictionWish } from "../src/shared/eviction-wish.ts";
import { eventResource, namespaceResource, nodeResource, podResource } from "../src/shared/node-resources.ts";

const [notReady, unreachable] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const until = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});
const both = (seconds?: number) => [until(notReady, seconds), until(unreachable, seconds)];

describe("the tolerations of a Pod on an edge node", () => {
  it.each<[string, Toleration[], { pod?: { seconds?: number }; namespace?: { seconds?: number } }, Toleration[]]>([
    ["the default becomes for ever", both(300), {}, both()],
    ["none are for ever", [], {}, both()],
    ["its own seconds are obeyed", both(60), {}, both(60)],
    [
      "one of its own, the other by default",
      [until(unreachable, 60), until(notReady, 300)],
      {},
      [until(unreachable, 60), until(notReady)],
    ],
    ["its own value is left alone", [{ operator: "Exists" }], {}, [{ operator: "Exists" }]],
    ["the Namespace's wish replaces the default", both(300), { namespace: { seconds: 30 } }, both(30)],
    ["but not its own", both(60), { namespace: { seconds: 30 } }, both(60)],
    ["its own wish replaces all", both(60), { pod: { seconds: 300 }, namespace: {} }, both(300)],
    ["also what was for ever", both(), { pod: { seconds: 5 } }, both(5)],
    ["a wish for never, against the Namespace", both(300), { pod: {}, namespace: { seconds: 30 } }, both()],
  ])("%s", (_, present, wishes, expected) => {
    const found = edgeTolerations(present, wishes);
    expect(found).toEqual(expected);
    expect(edgeTolerations(found, wishes)).toBe(found);
  });

  it.each([
    ["300s", { seconds: 300 }],
    ["0s", { seconds: 0 }],
    ["never", {}],
    ["5m", undefined],
    ["-1s", undefined],
    ["999999999s", undefined],
    ["", undefined],
  ])("a wish of %j", (text, wish) => {
    expect(parseEvictionWish(text)).toEqual(wish);
  });
});

describe("a Pod that was marked", () => {
  const marked = (status: object, rest: object = {}): KubeObject =>
    ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      ...rest,
      status: { phase: "Running", ...status },
    }) as KubeObject;
  const down = { type: "Ready", status: "False", lastTransitionTime: "x" };
  const containers = { type: "ContainersReady", status: "True", lastTransitionTime: "x" };

  it.each<[string, KubeObject, boolean]>([
    ["with ready containers is ready", marked({ conditions: [down, containers] }), true],
    ["with others is not", marked({ conditions: [down, { ...containers, status: "False" }] }), false],
    ["that ended is not", marked({ phase: "Failed", conditions: [down, containers] }), false],
    [
      "whose gate is shut is not",
      marked({ conditions: [down, containers] }, { spec: { readinessGates: [{ conditionType: "gate" }] } }),
      false,
    ],
    [
      "that is being deleted is not",
      marked({ conditions: [down, containers] }, { metadata: { name: "a", deletionTimestamp: "x" } }),
      false,
    ],
    ["and is ready needs nothing", marked({ conditions: [{ ...down, status: "True" }, containers] }), false],
  ])("%s", (_, pod, isRight) => {
    expect(readyAgain(pod, "now") !== undefined).toBe(isRight);
  });
});

class Setup {
  readonly clock = new FakeClock();
  readonly kube = new FakeKubeApi(this.clock);
  readonly logger = new RecordingLogger();
  readonly pods = new EdgePods(this.kube, this.clock, this.logger);

  node(name: string, status: string, labels: Record<string, string> = { "skerry.dev/edge": "true" }): void {
    const conditions = [{ type: "Ready", status }];
    this.kube.seed(
      { apiVersion: "v1", kind: "Node", metadata: { name, labels }, status: { conditions } },
      nodeResource,
    );
  }

  pod(
    name: string,
    nodeName: string,
    rest: { annotations?: Record<string, string>; conditions?: object[] } = {},
  ): void {
    const { annotations = {}, conditions = [] } = rest;
    const metadata = { name, namespace: "default", annotations };
    const status = { phase: "Running", conditions };
    this.kube.seed(
      { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName, tolerations: both(300) }, status },
      podResource,
    );
  }

  seen(name: string) {
    return this.kube.peek(podResource, { namespace: "default", name }) as KubeObject & {
      readonly spec: { readonly tolerations: unknown };
      readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
    };
  }

  tolerations(name: string): unknown {
    return this.seen(name).spec.tolerations;
  }

  ready(name: string): string | undefined {
    return this.seen(name).status.conditions.find(({ type }) => type === "Ready")?.status;
  }

  async settle(ms = 0): Promise<void> {
    await this.clock.advance(ms);
    await this.clock.advance(0);
  }
}

describe("the Pods of edge nodes", () => {
  it("stay for ever by default, as the Pod or the Namespace wishes otherwise; others keep theirs", async () => {
    const setup = new Setup();
    setup.node("edge-1", "True");
    setup.node("cloud-1", "True", {});
    const annotations = { [evictionAnnotation]: "30s" };
    setup.kube.seed({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }, namespaceResource);
    setup.pod("plain", "edge-1");
    setup.pod("wishing", "edge-1", { annotations });
    setup.pod("elsewhere", "cloud-1");
    await setup.pods.start();
    await setup.settle();
    expect(setup.tolerations("plain")).toEqual(both());
    expect(setup.tolerations("wishing")).toEqual(both(30));
    expect(setup.tolerations("elsewhere")).toEqual(both(300));
    setup.kube.seed(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "default", annotations } },
      namespaceResource,
    );
    setup.pod("later", "edge-1");
    await setup.settle();
    expect(setup.tolerations("later")).toEqual(both(30));
    expect(setup.tolerations("plain")).toEqual(both());
    const requests = setup.kube.requests.length;
    setup.pod("elsewhere", "cloud-1");
    await setup.settle(60_000);
    expect(setup.kube.requests.length).toBe(requests);
    await setup.pods.stop();
    expect(setup.clock.pending).toBe(0);
  });

  it("have an Event when a wish cannot be read, once, and stay", async () => {
    const setup = new Setup();
    setup.node("edge-1", "True");
    setup.pod("a", "edge-1", { annotations: { [evictionAnnotation]: "soon" } });
    await setup.pods.start();
    await setup.settle();
    expect(setup.tolerations("a")).toEqual(both());
    const events = await setup.kube.list(eventResource);
    expect(events).toMatchObject([{ type: "Warning", reason: "BadEvictionWish", involvedObject: { name: "a" } }]);
    await setup.pods.stop();
  });

  it("are ready again once their node is, over lost races and failures", async () => {
    const setup = new Setup();
    setup.node("edge-1", "Unknown");
    const conditions = [
      { type: "Ready", status: "False" },
      { type: "ContainersReady", status: "True" },
    ];
    setup.pod("a", "edge-1", { conditions });
    await setup.pods.start();
    await setup.settle();
    expect(setup.ready("a")).toBe("False");
    setup.kube.fail({ verb: "patch", kind: "Pod", code: "SKERRY_KUBE_CONFLICT" });
    setup.kube.fail({ verb: "patch", kind: "Pod" });
    setup.node("edge-1", "True");
    await setup.settle();
    expect(setup.ready("a")).toBe("False");
    expect(setup.logger.records.map(({ level }) => level)).toEqual(["warn"]);
    await setup.settle(2_000);
    expect(setup.ready("a")).toBe("True");
    await setup.pods.stop();
  });
});
