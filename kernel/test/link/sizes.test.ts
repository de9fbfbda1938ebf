import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonValue } from "@skerry/contracts";
import { expect, it } from "vitest";
import { deflated } from "../../src/link/wire/deflate.ts";
import { encodeFrame } from "../../src/link/wire/encode.ts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { lanes } from "../../src/link/wire/lanes.ts";
import { encodeMessage, heartbeat } from "../../src/link/wire/message.ts";

const page = await readFile(join(import.meta.dirname, "../../../docs/reference/link-v1.md"), "utf8");
const uid = "8f3b2c1e-5a7d-4e9b-9c0f-1d2e3f4a5b6c";
const time = "2026-11-23T11:22:33Z";

/** One of KubeEdge's JSON text frames, as its source lays them out. */
const kubeEdge = (route: object, content: JsonValue) =>
  JSON.stringify({ header: { msg_id: uid, timestamp: 1795432953123 }, route, content });

const twin = {
  uid,
  observedGeneration: 3,
  reported: { voltage: { value: 230.1, at: "2026-11-23T11:22:33.123Z", version: "1795432953123.0.edge-1" } },
  desired: {},
  conditions: [
    { type: "Connected", status: "True", reason: "Connected", message: "" },
    { type: "MapperReady", status: "True", reason: "MapperLoaded", message: "" },
    { type: "ValuesValid", status: "True", reason: "AllValid", message: "" },
  ],
};
const status = {
  phase: "Running",
  startTime: time,
  hostIP: "192.168.1.20",
  hostIPs: [{ ip: "192.168.1.20" }],
  podIP: "10.0.0.7",
  podIPs: [{ ip: "10.0.0.7" }],
  conditions: ["Initialized", "Ready", "ContainersReady"].map((type) => {
    return { type, status: "True", lastProbeTime: null, lastTransitionTime: time };
  }),
  containerStatuses: [
    {
      name: "hello",
      image: "registry.example/hello:1.2",
      imageID: "registry.example/hello@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      containerID: "containerd://0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt: time } },
    },
  ],
};

function bytesOf(frame: Frame): number {
  const plain = encodeFrame(frame);
  return encodeMessage({
    lane: lanes.state,
    hasMore: false,
    isDeflated: false,
    count: 0,
    part: deflated(plain) ?? plain,
  }).length;
}

it("messages have the sizes that the page compares", () => {
  const edgeTwin = {
    event_id: uid,
    timestamp: 1795432953123,
    twin: {
      voltage: { actual: { value: "230.1", metadata: { timestamp: 1795432953123 } }, metadata: { type: "double" } },
    },
  };
  const rows = [
    [
      "heartbeat",
      encodeMessage(heartbeat(0)).length,
      kubeEdge({ source: "websocket", group: "resource", operation: "keepalive", resource: "node" }, "ping").length,
    ],
    [
      "one property of a twin, with what else a report says",
      bytesOf({ type: "state", sequence: 70_000, key: { type: "twin", name: "default/meter-1" }, value: twin }),
      kubeEdge(
        {
          source: "twin",
          group: "resource",
          operation: "update",
          resource: "device/default/meter-1/twin/edge_updated",
        },
        edgeTwin,
      ).length,
    ],
    [
      "status of a Pod with one container",
      bytesOf({
        type: "state",
        sequence: 70_000,
        key: { type: "pod", name: `default/hello-5d8f7c9b6d-abcde/${uid}` },
        value: { status, events: [], released: false },
      }),
      kubeEdge(
        { source: "edged", group: "meta", operation: "patch", resource: "default/podpatch/hello-5d8f7c9b6d-abcde" },
        JSON.stringify({ metadata: { uid }, status }),
      ).length,
    ],
  ] as const;
  const table = [...page.matchAll(/^\| ([^|]+) \| (\d+) \| (\d+) \|$/gm)].map(([, what = "", ...sizes]) => [
    what,
    ...sizes,
  ]);
  for (const [what, here, there] of rows) {
    const [, pageHere, pageThere] = table.find(([name]) => name === what) ?? [];
    expect([what, Number(pageThere)]).toEqual([what, there]);
    // Another version of zlib may find another byte or two.
    expect(Math.abs(Number(pageHere) - here), `${what}: ${here}`).toBeLessThanOrEqual(8);
  }
});
