import { describe, expect, it } from "vitest";
import { toleratedMs } from "../../src/controllers/nodes/eviction.ts";
import { edge, testNode } from "./nodes.ts";
import { apps, core, deployment, isReady, object, startWorkloads, type Workloads } from "./workloads.ts";

const create = ({ send }: Workloads, name: string, tolerations: object[] = []) =>
  send("POST", `${core}/pods`, {
    metadata: { name },
    spec: { containers: [{ name: "main", image: "scratch" }], tolerations },
  });
const going = async ({ pods }: Workloads) =>
  (await pods())
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map(({ metadata }) => metadata.name);

describe("how long a pod tolerates taints that evict", () => {
  const taints = [
    { key: "a", value: "1", effect: "NoExecute" },
    { key: "b", value: "", effect: "NoExecute" },
  ];
  it.each<[string, object[], number | undefined]>([
    ["not at all", [], 0],
    ["one of them not", [{ key: "a", operator: "Exists" }], 0],
    ["for ever", [{ operator: "Exists" }], undefined],
    [
      "as long as the least",
      [
        { key: "a", operator: "Exists", tolerationSeconds: 9 },
        { key: "b", operator: "Exists", tolerationSeconds: 5 },
      ],
      5_000,
    ],
    [
      "one for ever, one for a time",
      [
        { key: "a", value: "1" },
        { key: "b", operator: "Exists", tolerationSeconds: 5 },
      ],
      5_000,
    ],
    ["for a negative time", [{ operator: "Exists", tolerationSeconds: -1 }], 0],
  ])("%s", (_, tolerations, expected) => {
    expect(toleratedMs(object("Pod", {}, { spec: { tolerations } }), taints)).toBe(expected);
  });

  it("without taints for ever", () => {
    expect(toleratedMs(object("Pod", {}), [])).toBeUndefined();
  });
});

describe("an unreachable node", () => {
  it("loses its pods five minutes later, when it is none of the edge", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "cloud-1").register();
    await create(cluster, "a");
    await create(cluster, "b", [{ operator: "Exists" }]);
    await cluster.clock.advance(40_000);
    await cluster.quiet();
    await cluster.clock.advance(299_999);
    expect(await going(cluster)).toEqual([]);
    await cluster.clock.advance(1);
    await cluster.quiet();
    expect(await going(cluster)).toEqual(["a"]);
    const [a] = await cluster.pods();
    expect(a.status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }),
    );
    expect(await cluster.events("Pod", "a")).toContain(
      "Normal TaintManagerEviction Marking for deletion Pod default/a",
    );
  });

  it("keeps them when it is back before", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "cloud-1");
    await node.register();
    await create(cluster, "a");
    await cluster.clock.advance(100_000);
    await node.condition("Ready", "True");
    expect(await cluster.events("Pod", "a")).toContain(
      "Normal TaintManagerEviction Cancelling deletion of Pod default/a",
    );
    for (let i = 0; i < 20; i += 1) {
      await cluster.clock.advance(30_000);
      await node.renew();
    }
    expect(await going(cluster)).toEqual([]);
  });

  it("keeps pods that tolerate it for ever, and loses others when their time is up, edge or not", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register(edge);
    await create(cluster, "stays", [
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
    ]);
    await create(cluster, "leaves", [
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 7 },
    ]);
    await cluster.clock.advance(46_999);
    await cluster.quiet();
    expect(await going(cluster)).toEqual([]);
    await cluster.clock.advance(1);
    await cluster.quiet();
    expect(await going(cluster)).toEqual(["leaves"]);
    await cluster.clock.advance(86_400_000);
    await cluster.quiet();
    expect((await node.state()).taints).toEqual(["unreachable:NoSchedule", "unreachable:NoExecute"]);
    expect(await going(cluster)).toEqual(["leaves"]);
    expect((await cluster.pods()).map(({ spec }) => spec.nodeName)).toEqual(["edge-1", "edge-1"]);
  });

  it("has a Deployment's pod replaced elsewhere when it leaves", async () => {
    const cluster = await startWorkloads();
    await testNode(cluster, "edge-1").register(edge);
    const { template, ...rest } = deployment("web").spec;
    const key = "node.kubernetes.io/unreachable";
    const tolerations = [{ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 7 }];
    const spec = { ...rest, replicas: 1, template: { ...template, spec: { ...template.spec, tolerations } } };
    await cluster.send("POST", `${apps}/deployments`, deployment("web", spec));
    await cluster.quiet();
    expect((await cluster.pods())[0].spec.nodeName).toBe("edge-1");
    const other = testNode(cluster, "edge-2");
    await other.register(edge);
    await cluster.clock.advance(30_000);
    await other.renew();
    await cluster.clock.advance(17_000);
    await cluster.quiet();
    const found = await cluster.pods();
    expect(found.map(({ spec, metadata }) => [spec.nodeName, metadata.deletionTimestamp !== undefined]).sort()).toEqual(
      [
        ["edge-1", true],
        ["edge-2", false],
      ],
    );
  });
});

describe("the pods of a node that is not ready", () => {
  it("are not ready, late reports included, and are left alone afterwards", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register(edge);
    await create(cluster, "a", [{ operator: "Exists" }]);
    await cluster.ready("a");
    await cluster.quiet();
    expect(isReady((await cluster.pods())[0])).toBe(true);
    await node.condition("Ready", "Unknown");
    expect(isReady((await cluster.pods())[0])).toBe(false);
    expect(await cluster.events("Pod", "a")).toContain("Warning NodeNotReady Node is not ready");
    await cluster.ready("a");
    await cluster.quiet();
    expect(isReady((await cluster.pods())[0])).toBe(false);
    await node.condition("Ready", "True");
    await cluster.ready("a");
    await cluster.quiet();
    expect(isReady((await cluster.pods())[0])).toBe(true);
  });
});

describe("a taint that an operator sets", () => {
  it("evicts from nodes of the edge as well", async () => {
    const cluster = await startWorkloads();
    const node = testNode(cluster, "edge-1");
    await node.register(edge);
    await create(cluster, "a");
    await create(cluster, "b", [{ key: "repair", operator: "Exists" }]);
    await cluster.patch(node.at, { spec: { taints: [{ key: "repair", effect: "NoExecute" }] } });
    expect(await going(cluster)).toEqual(["a"]);
  });
});
