import { maximumObjectBytes } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { configMapResource, eventResource, podResource } from "../../src/shared/pod-resources.ts";
import { CloudPods, running, started, uid } from "./cloud-pods.ts";

const telling = (...events: object[]) => ({ ...running, events });
const backOff = {
  ...started,
  type: "Warning",
  reason: "BackOff",
  message: "Back-off restarting failed container main",
};

describe("events of Pods", () => {
  it("are Kubernetes Events of the Pod, as its node tells them", async () => {
    const cloud = new CloudPods();
    await cloud.receive(telling(started));
    const [event, ...others] = await cloud.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      metadata: { name: expect.stringMatching(/^hello\.[0-9a-f]{16}$/), namespace: "default" },
      involvedObject: {
        apiVersion: "v1",
        kind: "Pod",
        namespace: "default",
        name: "hello",
        uid,
        fieldPath: started.fieldPath,
      },
      type: "Normal",
      reason: "Started",
      message: "Started container main",
      count: 1,
      firstTimestamp: started.first,
      lastTimestamp: started.last,
      source: { component: "skerry-pods", host: "edge-1" },
      reportingComponent: "skerry-pods",
      reportingInstance: "edge-1",
    });
  });

  it("are one object for one series, written when it changed", async () => {
    const cloud = new CloudPods();
    await cloud.receive(telling(started, backOff));
    expect(cloud.writes()).toEqual(["patch Pod", "create Event", "create Event"]);
    const later = "2026-01-01T00:01:00Z";
    await cloud.receive(telling(started, { ...backOff, count: 4, last: later }));
    expect(cloud.writes()).toEqual(["patch Event"]);
    await cloud.receive(telling(started, { ...backOff, count: 4, last: later }));
    expect(cloud.writes()).toEqual([]);
    expect(
      (await cloud.events()).map(({ reason, count, lastTimestamp }) => [reason, count, lastTimestamp]).sort(),
    ).toEqual([
      ["BackOff", 4, later],
      ["Started", 1, started.last],
    ]);
  });

  it("stay one object across a restart of the cloud, and come back when they expired", async () => {
    const cloud = new CloudPods();
    await cloud.receive(telling(started));
    const [before] = await cloud.events();
    cloud.restart();
    await cloud.receive(telling(started));
    expect(await cloud.events()).toEqual([before]);
    cloud.kube.unseed(eventResource, before?.metadata ?? { name: "" });
    await cloud.receive(telling({ ...started, count: 2 }));
    expect(await cloud.events()).toMatchObject([{ count: 2 }]);
  });

  it("differ by container and by Pod", async () => {
    const cloud = new CloudPods();
    await cloud.receive(telling(started, { ...started, fieldPath: "spec.containers{other}" }));
    cloud.seed({ metadata: { uid: "another" } });
    await cloud.receive(telling(started), { name: "default/hello/another" });
    expect(await cloud.events()).toHaveLength(3);
  });

  it("have a name that Kubernetes takes, however long the Pod's is", async () => {
    const cloud = new CloudPods();
    const name = `${"a".repeat(235)}.${"b".repeat(17)}`;
    cloud.seed({ metadata: { name } });
    await cloud.receive(telling(started), { name: `default/${name}/${uid}` });
    const [event] = await cloud.events();
    expect(event?.metadata.name).toMatch(/^a{235}\.[0-9a-f]{16}$/);
  });

  it("that the API refuses hold nothing up; those it cannot take now come again", async () => {
    const cloud = new CloudPods();
    cloud.kube.fail({ kind: "Event", code: "SKERRY_KUBE_FORBIDDEN" });
    await cloud.receive(telling(started, backOff));
    expect((await cloud.events()).map(({ reason }) => reason)).toEqual(["BackOff"]);
    expect(cloud.logger.records).toMatchObject([{ level: "warn", message: "an event of a Pod was not written" }]);
    cloud.kube.fail({ kind: "Event" });
    const other = telling({ ...started, message: "Started container other" });
    expect(await cloud.refusal(other)).toBe("SKERRY_KUBE_UNAVAILABLE");
    await cloud.receive(other);
    expect(await cloud.events()).toHaveLength(2);
  });
});

describe("a Pod that waits for an object which is too large for its node", () => {
  const spec = {
    volumes: [
      { name: "a", configMap: { name: "big" } },
      { name: "b", configMap: { name: "small" } },
    ],
  };
  const failed = { ...backOff, reason: "FailedMount", message: 'configmap "big" not found' };
  const pending = { ...telling(failed), status: { phase: "Pending" } };
  const seeded = (bytes: number) => {
    const cloud = new CloudPods();
    cloud.seed({ spec });
    for (const [name, size] of [
      ["big", bytes],
      ["small", 1],
    ] as const) {
      const data = { text: "x".repeat(size) };
      cloud.kube.seed(
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data },
        configMapResource,
      );
    }
    return cloud;
  };
  const reasons = async (cloud: CloudPods) => (await cloud.events()).map(({ reason }) => reason).sort();

  it("is told so, once", async () => {
    const cloud = seeded(maximumObjectBytes);
    await cloud.receive(pending);
    const [, event] = (await cloud.events()).toSorted((a, b) => (String(a["reason"]) < String(b["reason"]) ? -1 : 1));
    expect(event).toMatchObject({
      type: "Warning",
      reason: "ObjectTooLarge",
      message: expect.stringMatching(/^ConfigMap big has \d+ bytes as JSON, and a node is sent at most 2090992/),
      source: { component: "skerry-pods" },
    });
    cloud.writes();
    await cloud.clock.advance(10_000);
    await cloud.receive(pending);
    expect(cloud.writes()).toEqual([]);
  });

  it("is not told so when that is not why it waits, or it does not wait", async () => {
    const fits = seeded(maximumObjectBytes / 2);
    await fits.receive(pending);
    expect(await reasons(fits)).toEqual(["FailedMount"]);
    const runs = seeded(maximumObjectBytes);
    await runs.receive(telling(backOff));
    expect(await reasons(runs)).toEqual(["BackOff"]);
    expect(runs.kube.peek(podResource, { name: "hello" })).toMatchObject({ status: { phase: "Running" } });
    const gone = new CloudPods();
    gone.seed({ spec });
    await gone.receive(pending);
    expect(await reasons(gone)).toEqual(["FailedMount"]);
  });
});
