import { describe, expect, it } from "vitest";
import { hostPorts, resources } from "../../../src/controllers/scheduler/filters/index.ts";
import { requestsOf } from "../../../src/controllers/scheduler/pod-requests.ts";
import type { JsonObject } from "../../../src/kinds.ts";
import { cluster, judged, node, pod } from "./objects.ts";

const asking = (requests: JsonObject, more: JsonObject = {}) => ({
  name: "main",
  image: "scratch",
  resources: { requests },
  ...more,
});

describe("what a pod asks for", () => {
  const table: readonly [string, JsonObject, Readonly<Record<string, number>>][] = [
    ["nothing", { containers: [{ name: "a" }] }, {}],
    ["the sum of its containers", { containers: [asking({ cpu: "100m" }), asking({ cpu: "0.2" })] }, { cpu: 300 }],
    ["whole units", { containers: [asking({ memory: "1500m", cpu: "1n" })] }, { memory: 2, cpu: 1 }],
    ["no crumbs of binary fractions", { containers: [asking({ cpu: "0.07" })] }, { cpu: 70 }],
    [
      "its largest init container where that is more",
      {
        containers: [asking({ cpu: "1", memory: "1Mi" })],
        initContainers: [asking({ cpu: "2" }), asking({ cpu: "1500m" })],
      },
      { cpu: 2000, memory: 1_048_576 },
    ],
    [
      "sidecars beside the containers",
      { containers: [asking({ cpu: "1" })], initContainers: [asking({ cpu: "2" }, { restartPolicy: "Always" })] },
      { cpu: 3000 },
    ],
    [
      "sidecars beside the init containers after them",
      {
        containers: [asking({ cpu: "1" })],
        initContainers: [asking({ cpu: "1" }, { restartPolicy: "Always" }), asking({ cpu: "4" })],
      },
      { cpu: 5000 },
    ],
    [
      "the overhead of its class",
      { containers: [asking({ memory: "1Ki" })], overhead: { memory: "1Ki" } },
      { memory: 2048 },
    ],
  ];
  it.each(table)("%s", (_, spec, expected) => {
    expect(Object.fromEntries(requestsOf({ spec }))).toEqual(expected);
  });
});

describe("resources", () => {
  const small = node("a", { allocatable: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi", pods: "2" } });
  const table: readonly [string, JsonObject, readonly string[]][] = [
    ["nothing asked for", {}, []],
    ["as much as there is", { cpu: "1", memory: "1Gi" }, []],
    ["more CPU", { cpu: "1001m" }, ["Insufficient cpu"]],
    ["more memory", { memory: "1025Mi" }, ["Insufficient memory"]],
    ["more storage", { "ephemeral-storage": "2Gi" }, ["Insufficient ephemeral-storage"]],
    ["a resource that the node has not", { "example.com/radio": "1" }, ["Insufficient example.com/radio"]],
    ["none of such a resource", { "example.com/radio": "0" }, []],
    [
      "several at once",
      { memory: "2Gi", cpu: "2", "a.example/x": 1 },
      ["Insufficient cpu", "Insufficient memory", "Insufficient a.example/x"],
    ],
  ];
  it.each(table)("%s", (_, requests, expected) => {
    expect(judged(resources, pod("p", { requests }), cluster([small]))).toEqual({ a: expected });
  });

  it("are what the pods of the node leave", () => {
    const there = pod("there", { on: "a", requests: { cpu: "0.6" } });
    const elsewhere = pod("elsewhere", { on: "gone", requests: { cpu: "1" } });
    const on = cluster([small], [there, elsewhere]);
    expect(judged(resources, pod("p", { requests: { cpu: "0.4" } }), on)).toEqual({ a: [] });
    expect(judged(resources, pod("p", { requests: { cpu: "0.41" } }), on)).toEqual({ a: ["Insufficient cpu"] });
  });

  it("add up without crumbs", () => {
    const nine = Array.from({ length: 9 }, (_, i) => pod(`${i}`, { on: "a", requests: { cpu: "0.1" } }));
    const on = cluster([node("a", { allocatable: { cpu: "1", pods: "20" } })], nine);
    expect(judged(resources, pod("p", { requests: { cpu: "100m" } }), on)).toEqual({ a: [] });
  });

  it("include places for pods", () => {
    const full = cluster([small], [pod("1", { on: "a" }), pod("2", { on: "a" })]);
    expect(judged(resources, pod("p", { requests: { cpu: "2" } }), full)).toEqual({
      a: ["Too many pods", "Insufficient cpu"],
    });
    expect(judged(resources, pod("p"), cluster([node("new", { allocatable: {} })]))).toEqual({
      new: ["Too many pods"],
    });
  });

  it("are the capacity where nothing says what of it may be used", () => {
    const { status: _, ...bare } = small;
    const simple = { ...bare, status: { capacity: { cpu: "1", pods: "1" } } };
    expect(judged(resources, pod("p", { requests: { cpu: "1" } }), cluster([simple]))).toEqual({ a: [] });
  });
});

describe("host ports", () => {
  const taken = ["node(s) didn't have free ports for the requested pod ports"];
  const using = (port: JsonObject) => ({ containers: [{ name: "main", image: "x", ports: [port] }] });
  const on = cluster([node("a")], [pod("there", { on: "a", spec: using({ containerPort: 80, hostPort: 8080 }) })]);
  const onOne = cluster(
    [node("a")],
    [pod("there", { on: "a", spec: using({ containerPort: 80, hostPort: 8080, hostIP: "10.0.0.1" }) })],
  );
  const table: readonly [string, JsonObject, typeof on, readonly string[]][] = [
    ["none", { containerPort: 80 }, on, []],
    ["another", { containerPort: 80, hostPort: 8081 }, on, []],
    ["the same", { containerPort: 81, hostPort: 8080 }, on, taken],
    ["another protocol", { containerPort: 80, hostPort: 8080, protocol: "UDP" }, on, []],
    ["one address of all", { containerPort: 80, hostPort: 8080, hostIP: "10.0.0.1" }, on, taken],
    ["another address", { containerPort: 80, hostPort: 8080, hostIP: "10.0.0.2" }, onOne, []],
    ["all addresses, one of them taken", { containerPort: 80, hostPort: 8080 }, onOne, taken],
  ];
  it.each(table)("%s", (_, port, there, expected) => {
    expect(judged(hostPorts, pod("p", { spec: using(port) }), there)).toEqual({ a: expected });
  });
});
