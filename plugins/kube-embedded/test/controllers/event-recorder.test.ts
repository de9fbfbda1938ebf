import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { expect, it, onTestFinished } from "vitest";
import { ClusterObjects } from "../../src/controllers/runtime/cluster-objects.ts";
import { EventRecorder } from "../../src/controllers/runtime/event-recorder.ts";
import type { ApiObject } from "../../src/registry/api-object.ts";
import { eventKind, namespaceKind } from "../../src/registry/builtin/index.ts";
import { KindRegistry } from "../../src/registry/kind-registry.ts";
import { ObjectStore } from "../../src/registry/object-store.ts";
import { ObjectWriter } from "../../src/registry/object-writer.ts";

async function recorder() {
  const [clock, random, logger, kinds] = [
    new FakeClock(),
    new SeededRandom(),
    new RecordingLogger(),
    new KindRegistry(),
  ];
  kinds.register("built-in", [namespaceKind, eventKind]);
  const store = await ObjectStore.open(await new MemoryStorage(new MemoryDisk()).open("kube-embedded"));
  onTestFinished(() => store.close());
  const objects = new ClusterObjects(store, new ObjectWriter(store, kinds, clock, random));
  for (const name of ["default", "site"]) await objects.create(namespaceKind, { metadata: { name } });
  return { clock, logger, objects, events: new EventRecorder(objects, clock, logger) };
}

const web: ApiObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "site", uid: "u-1", resourceVersion: "7" },
};
const scaled = {
  type: "Normal",
  reason: "ScalingReplicaSet",
  message: "Scaled up replica set web-1 from 0 to 3",
  component: "deployment-controller",
} as const;

it("writes an Event into the namespace of what it is about", async () => {
  const { objects, events } = await recorder();
  events.record(web, scaled);
  await events.flush();
  expect(objects.list(eventKind)).toEqual([
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: expect.objectContaining({ name: expect.stringMatching(/^web\.[0-9a-f]{16}$/), namespace: "site" }),
      involvedObject: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "site",
        name: "web",
        uid: "u-1",
        resourceVersion: "7",
      },
      type: "Normal",
      reason: "ScalingReplicaSet",
      message: "Scaled up replica set web-1 from 0 to 3",
      source: { component: "deployment-controller" },
      reportingComponent: "deployment-controller",
      reportingInstance: "deployment-controller",
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:00Z",
      count: 1,
    },
  ]);
});

it("counts what is said again, also before the first is written, and keeps other messages apart", async () => {
  const { clock, objects, events } = await recorder();
  events.record(web, scaled);
  events.record(web, scaled);
  events.record(web, { ...scaled, message: "Scaled down replica set web-1 from 3 to 0" });
  await clock.advance(5000);
  events.record(web, scaled);
  await events.flush();
  const seen = objects.list(eventKind).map(({ count, message, lastTimestamp }) => [count, message, lastTimestamp]);
  expect(seen.sort()).toEqual([
    [1, "Scaled down replica set web-1 from 3 to 0", "2026-01-01T00:00:00Z"],
    [3, "Scaled up replica set web-1 from 0 to 3", "2026-01-01T00:00:05Z"],
  ]);
});

it("begins anew when the Event has expired", async () => {
  const { objects, events } = await recorder();
  events.record(web, scaled);
  await events.flush();
  for (const { metadata } of objects.list(eventKind)) await objects.delete(eventKind, metadata);
  events.record(web, scaled);
  await events.flush();
  expect(objects.list(eventKind).map(({ count }) => count)).toEqual([1]);
});

it("puts events about cluster-wide objects into default, and logs what it cannot write", async () => {
  const { objects, events, logger } = await recorder();
  events.record({ apiVersion: "v1", kind: "Node", metadata: { name: "edge-1", uid: "u-2" } }, scaled);
  events.record({ ...web, metadata: { name: "web", namespace: "nowhere", uid: "u-3" } }, scaled);
  await events.flush();
  expect(objects.list(eventKind).map(({ metadata }) => metadata.namespace)).toEqual(["default"]);
  expect(logger.records).toEqual([expect.objectContaining({ message: "an event was not written" })]);
});
