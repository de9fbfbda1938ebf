import { describe, expect, it } from "vitest";
import type { PodReport } from "../../src/shared/pod-report.ts";
import { podResource } from "../../src/shared/pod-resources.ts";
import { CloudPods, running, uid } from "./cloud-pods.ts";

const statusOf = (part: object): PodReport => ({ ...running, status: { ...running.status, ...part } });
const deletion = { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 };
const taken = "taken";

describe("what a node reports of a Pod", () => {
  it("becomes its status, but for what is not the node's to say", async () => {
    const cloud = new CloudPods();
    const gate = { type: "example.com/gate", status: "True" };
    const scheduled = { type: "PodScheduled", status: "True" };
    cloud.seed({ status: { conditions: [scheduled, gate, { type: "Initialized", status: "True" }], message: "old" } });
    const ready = { type: "Ready", status: "True" };
    await cloud.receive(statusOf({ conditions: [{ type: "PodScheduled", status: "False" }, ready] }));
    expect(cloud.pod()?.status).toEqual({
      ...running.status,
      qosClass: "BestEffort",
      conditions: [ready, scheduled, gate],
    });
    const patch = cloud.kube.requests.find(({ verb }) => verb === "patch");
    expect(patch).toMatchObject({
      options: { fieldManager: "skerry-pods", subresource: "status" },
      body: { metadata: { uid, resourceVersion: expect.any(String) } },
    });
  });

  it("is written once, and again only when it says something else", async () => {
    const cloud = new CloudPods();
    await cloud.receive(running);
    expect(cloud.writes()).toEqual(["patch Pod"]);
    await cloud.receive(running);
    const { lastState: _, ...container } = (running.status["containerStatuses"] as object[])[0] as {
      lastState: object;
    };
    const conditions = [{ type: "Ready", status: "True", reason: "", lastTransitionTime: "2026-01-01T00:00:00Z" }];
    await cloud.receive(statusOf({ containerStatuses: [container], conditions }));
    expect(cloud.writes()).toEqual([]);
    await cloud.receive(statusOf({ containerStatuses: [{ ...container, restartCount: 1 }] }));
    expect(cloud.writes()).toEqual(["patch Pod"]);
    cloud.restart();
    await cloud.receive(statusOf({ containerStatuses: [{ ...container, restartCount: 1 }] }));
    expect(cloud.writes()).toEqual([]);
  });

  it("replaces all it said before", async () => {
    const cloud = new CloudPods();
    await cloud.receive(statusOf({ message: "gone wrong", reason: "Evicted", podIP: "10.0.0.1" }));
    await cloud.receive(running);
    expect(cloud.pod()?.status).not.toHaveProperty("message");
    expect(cloud.pod()?.status).not.toHaveProperty("podIP");
  });

  it("is written over lost races, and not for ever", async () => {
    const cloud = new CloudPods();
    cloud.kube.fail({ verb: "patch", code: "SKERRY_KUBE_CONFLICT", times: 2 });
    await cloud.receive(running);
    expect(cloud.pod()?.status["phase"]).toBe("Running");
    cloud.kube.fail({ verb: "patch", code: "SKERRY_KUBE_CONFLICT", times: 5 });
    expect(await cloud.refusal(statusOf({ phase: "Failed" }))).toBe("SKERRY_PODS_CONTENDED");
  });

  it("stays with the node while the API does not take it", async () => {
    const cloud = new CloudPods();
    cloud.kube.fail({ verb: "patch", code: "SKERRY_KUBE_FORBIDDEN" });
    expect(await cloud.refusal(running)).toBe("SKERRY_PODS_NOT_WRITTEN");
    cloud.kube.fail({ verb: "get" });
    expect(await cloud.refusal(running)).toBe("SKERRY_KUBE_UNAVAILABLE");
    cloud.kube.fail({ verb: "patch", code: "SKERRY_KUBE_INVALID" });
    expect(await cloud.refusal(running)).toBe("SKERRY_KUBE_INVALID");
  });
});

describe("whose report is taken", () => {
  it("is that of the node which has the Pod", async () => {
    const cloud = new CloudPods();
    expect(await cloud.refusal(running, { node: "edge-2" })).toBe("SKERRY_PODS_NOT_OWNER");
    cloud.seed({ spec: { nodeName: undefined }, metadata: deletion });
    await expect(cloud.receive({ ...running, released: true })).rejects.toMatchObject({
      code: "SKERRY_PODS_NOT_OWNER",
      family: "denied",
      message: "node edge-1 reported the Pod default/hello, which belongs to no node",
    });
    expect(cloud.writes()).toEqual([]);
  });

  it("is also that of a Pod which is gone or was made anew, and nothing is written", async () => {
    const cloud = new CloudPods();
    const released = { ...running, released: true };
    cloud.seed({ metadata: deletion });
    expect(await cloud.refusal(released, { name: `default/other/${uid}` })).toBe(taken);
    expect(await cloud.refusal(released, { name: "default/hello/another-uid" })).toBe(taken);
    expect(cloud.writes()).toEqual([]);
  });

  it.each(["", "hello", "default/hello", `default/hello/${uid}/more`, `default//${uid}`, "default/hello/"])(
    "is not that of the name %j",
    async (name) => {
      expect(await new CloudPods().refusal(running, { name })).toBe("SKERRY_PODS_BAD_REPORT");
    },
  );
});

describe("a Pod that its node let go of", () => {
  it("is deleted, without grace and by its uid, when its deletion was asked for", async () => {
    const cloud = new CloudPods();
    const released = { ...statusOf({ phase: "Succeeded" }), released: true };
    await cloud.receive(released);
    expect(cloud.pod()?.status["phase"]).toBe("Succeeded");
    cloud.seed({ metadata: deletion });
    const log: unknown[] = [];
    using _ = cloud.kube.watch(podResource, {
      upsert: ({ status }) => log.push((status as { phase: string }).phase),
      remove: () => log.push("removed"),
      synced: () => undefined,
    });
    cloud.kube.requests.length = 0;
    await cloud.receive(released);
    expect(log).toEqual(["Pending", "Succeeded", "removed"]);
    expect(cloud.kube.requests.at(-1)).toMatchObject({ verb: "delete", deletion: { uid, gracePeriodSeconds: 0 } });
    expect(await cloud.refusal(released)).toBe(taken);
  });

  it("goes also when its last status is refused", async () => {
    const cloud = new CloudPods();
    cloud.seed({ metadata: deletion });
    cloud.kube.fail({ verb: "patch", code: "SKERRY_KUBE_INVALID" });
    await cloud.receive({ ...running, released: true });
    expect(cloud.pod()).toBeUndefined();
    expect(cloud.logger.records).toMatchObject([{ level: "warn", message: "the last status of a Pod was refused" }]);
  });
});
