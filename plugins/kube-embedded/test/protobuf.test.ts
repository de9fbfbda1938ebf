import { describe, expect, it } from "vitest";
import { decodeProtobuf } from "../src/http/protobuf/decode-protobuf.ts";
import { configMaps, startTestCluster } from "./test-cluster.ts";

const type = "application/vnd.kubernetes.protobuf";

function varint(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  return value < 0x80n ? [low] : [low | 0x80, ...varint(value >> 7n)];
}
const number = (field: number, value: number) => [
  ...varint(BigInt(field * 8)),
  ...varint(BigInt.asUintN(64, BigInt(value))),
];
const bytes = (field: number, value: readonly number[]) => [
  ...varint(BigInt(field * 8 + 2)),
  ...varint(BigInt(value.length)),
  ...value,
];
const text = (field: number, value: string) => bytes(field, [...Buffer.from(value)]);
const entry = (field: number, key: string, value: string) => bytes(field, [...text(1, key), ...text(2, value)]);
const envelope = (apiVersion: string, kind: string, raw: readonly number[]) =>
  Uint8Array.from([
    ...Buffer.from("k8s\0"),
    ...bytes(1, [...text(1, apiVersion), ...text(2, kind)]),
    ...bytes(2, raw),
    ...text(3, ""),
    ...text(4, ""),
  ]);
const metadata = bytes(1, [
  ...text(1, "a"),
  ...text(2, ""),
  ...number(7, 0),
  ...bytes(8, []),
  ...entry(11, "tier", "front"),
  ...entry(11, "of", "many"),
  ...bytes(13, [...text(1, "Node"), ...text(3, "n"), ...text(4, "u"), ...text(5, "v1"), ...number(6, 1)]),
  ...text(14, "example.com/one"),
  ...text(14, "example.com/two"),
]);

it("reads a TokenRequest as kubectl sends it", () => {
  const bound = [...text(1, "Pod"), ...text(2, "v1"), ...text(3, "arm"), ...text(4, "u1")];
  const raw = [
    ...bytes(1, [...text(1, "robot")]),
    ...bytes(2, [...text(1, "vault"), ...bytes(3, bound), ...number(4, 1200)]),
    ...bytes(3, [...text(1, ""), ...bytes(2, [])]),
  ];
  expect(decodeProtobuf(envelope("authentication.k8s.io/v1", "TokenRequest", raw))).toMatchObject({
    metadata: { name: "robot" },
    spec: {
      audiences: ["vault"],
      expirationSeconds: 1200,
      boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "arm", uid: "u1" },
    },
  });
});

describe("protobuf bodies", () => {
  it("are read into what the same object is in JSON", () => {
    const raw = [...metadata, ...entry(2, "k", "grüße"), ...bytes(3, [...text(1, "b"), ...bytes(2, [1, 2])])];
    expect(decodeProtobuf(envelope("v1", "ConfigMap", raw))).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "a",
        generateName: "",
        generation: 0,
        creationTimestamp: null,
        labels: { tier: "front", of: "many" },
        ownerReferences: [{ kind: "Node", name: "n", uid: "u", apiVersion: "v1", controller: true }],
        finalizers: ["example.com/one", "example.com/two"],
      },
      data: { k: "grüße" },
      binaryData: { b: "AQI=" },
    });
  });

  it("carry times, short and long, and negative numbers", () => {
    const at = [...number(1, 1_700_000_000), ...number(2, 123_456_789)];
    const spec = bytes(2, [...number(2, -1), ...bytes(3, at)]);
    expect(decodeProtobuf(envelope("coordination.k8s.io/v1", "Lease", spec))).toMatchObject({
      spec: { leaseDurationSeconds: -1, acquireTime: "2023-11-14T22:13:20.123456Z" },
    });
    expect(decodeProtobuf(envelope("v1", "Event", bytes(6, at)))).toMatchObject({
      firstTimestamp: "2023-11-14T22:13:20Z",
    });
  });

  it("create objects, with strict validation too", async () => {
    const { request } = await startTestCluster();
    const raw = [...bytes(1, text(1, "a")), ...entry(2, "k", "v")];
    const body = String.fromCharCode(...envelope("v1", "ConfigMap", raw));
    const answer = await request("POST", `${configMaps}?fieldValidation=Strict`, {
      body,
      type,
      accept: `${type},application/json`,
    });
    expect(answer).toMatchObject({ status: 201, body: { metadata: { name: "a" }, data: { k: "v" } }, warnings: [] });
  });

  it("carry deployments without what Go leaves out of JSON, and services with ports by name or number", () => {
    const limits = bytes(1, [...text(1, "cpu"), ...bytes(2, text(1, "1"))]);
    const container = [...text(1, "main"), ...text(2, "x:1"), ...text(5, ""), ...bytes(8, limits), ...number(16, 0)];
    const podSpec = [...bytes(2, container), ...text(3, ""), ...number(4, 0), ...number(11, 0)];
    const template = [...metadata, ...bytes(2, podSpec)];
    const selector = bytes(1, [...text(1, "app"), ...text(2, "a")]);
    const strategy = text(1, "");
    const spec = [
      ...number(1, 0),
      ...bytes(2, selector),
      ...bytes(3, template),
      ...bytes(4, strategy),
      ...number(5, 0),
    ];
    expect(decodeProtobuf(envelope("apps/v1", "Deployment", bytes(2, spec)))).toMatchObject({
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "a" } },
        strategy: {},
        template: {
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: "main", image: "x:1", resources: { limits: { cpu: "1" } } }],
          },
        },
      },
    });
    const port = (target: readonly number[]) => bytes(1, [...number(3, 80), ...bytes(4, target)]);
    const ports = [
      ...port([...number(1, 0), ...number(2, 8080), ...text(3, "")]),
      ...port([...number(1, 1), ...number(2, 0), ...text(3, "http")]),
    ];
    expect(decodeProtobuf(envelope("v1", "Service", bytes(2, [...ports, ...text(3, "")])))).toEqual({
      apiVersion: "v1",
      kind: "Service",
      spec: {
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 80, targetPort: "http" },
        ],
      },
    });
  });

  it.each([
    ["no magic", Uint8Array.from([1, 2, 3, 4, 5]), 400],
    ["nothing", new Uint8Array(), 400],
    ["a kind that is not read", envelope("v1", "Node", []), 415],
    ["a length beyond its end", envelope("v1", "ConfigMap", [0x0a, 0xff, 0xff, 0x03]), 400],
    ["a negative length", envelope("v1", "ConfigMap", [0x0a, ...varint(BigInt.asUintN(64, -1n))]), 400],
    [
      "an endless number",
      envelope(
        "v1",
        "ConfigMap",
        Array.from({ length: 12 }, () => 0xff),
      ),
      400,
    ],
    ["a cut number", envelope("v1", "ConfigMap", [0x80]), 400],
    ["a wire type that is not used", envelope("v1", "ConfigMap", [0x0d, 0, 0, 0, 0]), 400],
    ["a field that is not known", envelope("v1", "ConfigMap", text(99, "x")), 400],
    ["a number for a string", envelope("v1", "ConfigMap", bytes(1, number(1, 5))), 400],
    ["a string for a number", envelope("v1", "ConfigMap", text(4, "yes")), 400],
    ["a broken string", envelope("v1", "ConfigMap", bytes(1, bytes(1, [0xff, 0xfe]))), 400],
    ["an impossible time", envelope("v1", "Event", bytes(6, number(1, 9e15 - 1))), 400],
    ["the key __proto__", envelope("v1", "ConfigMap", entry(2, "__proto__", "x")), 400],
  ])("with %s are refused", (_, body, code) => {
    expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code }));
  });
});
