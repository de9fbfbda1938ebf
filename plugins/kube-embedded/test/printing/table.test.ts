import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, KindInfo, PrinterColumn } from "../../src/kinds.ts";
import { columnsFor } from "../../src/printing/columns.ts";
import { toTable } from "../../src/printing/table.ts";

const now = new Date("2026-01-02T03:00:00Z");
const metadata = { name: "a", creationTimestamp: "2026-01-02T02:55:00Z" };

const kindOf = (group: string, kind: string, printerColumns?: PrinterColumn[]): KindInfo => ({
  group,
  version: "v1",
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: { status: false },
  ...(printerColumns === undefined ? {} : { printerColumns }),
});

/** What the table shows, as lines: the headers with the wide ones in parentheses, then the cells. */
function shown(kind: KindInfo, object: JsonObject): [string, JsonValue] {
  const table = toTable([{ metadata, ...object }], columnsFor(kind), { now, includeObject: "None" });
  const definitions = table["columnDefinitions"] as JsonObject[];
  const headers = definitions.map(({ name, priority }) => (priority === 0 ? name : `(${name})`)).join(" ");
  return [headers, (table["rows"] as JsonObject[])[0]?.["cells"] ?? null];
}

describe("tables", () => {
  it.each<[string, KindInfo, JsonObject, string, JsonValue[]]>([
    ["Namespace", kindOf("", "Namespace"), { status: { phase: "Active" } }, "Name Status Age", ["a", "Active", "5m"]],
    [
      "ConfigMap",
      kindOf("", "ConfigMap"),
      { data: { x: "1", y: "2" }, binaryData: { z: "" } },
      "Name Data Age",
      ["a", 3, "5m"],
    ],
    [
      "Secret",
      kindOf("", "Secret"),
      { type: "Opaque", data: { x: "1" } },
      "Name Type Data Age",
      ["a", "Opaque", 1, "5m"],
    ],
    [
      "Lease",
      kindOf("coordination.k8s.io", "Lease"),
      { spec: { holderIdentity: "pi-7" } },
      "Name Holder Age",
      ["a", "pi-7", "5m"],
    ],
    [
      "CustomResourceDefinition",
      kindOf("apiextensions.k8s.io", "CustomResourceDefinition"),
      {},
      "Name Created At",
      ["a", "2026-01-02T02:55:00Z"],
    ],
    ["custom resources without columns", kindOf("a.example", "K", []), {}, "Name Age", ["a", "5m"]],
  ])("shows a %s as kubectl does", (_, kind, object, headers, cells) => {
    expect(shown(kind, object)).toEqual([headers, cells]);
  });

  const nodeHeaders =
    "Name Status Roles Age Version (Internal-IP) (External-IP) (OS-Image) (Kernel-Version) (Container-Runtime)";

  it("shows a ready Node", () => {
    const node = {
      metadata: {
        ...metadata,
        labels: {
          "node-role.kubernetes.io/edge": "",
          "node-role.kubernetes.io/agent": "",
          "kubernetes.io/role": "edge",
        },
      },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [
          { type: "Hostname", address: "pi" },
          { type: "InternalIP", address: "10.0.0.7" },
        ],
        nodeInfo: {
          kubeletVersion: "v1.32.4",
          osImage: "Debian",
          kernelVersion: "6.1",
          containerRuntimeVersion: "skerry-wasm://0.1",
        },
      },
    };
    const cells = [
      "a",
      "Ready,SchedulingDisabled",
      "agent,edge",
      "5m",
      "v1.32.4",
      "10.0.0.7",
      "<none>",
      "Debian",
      "6.1",
    ];
    expect(shown(kindOf("", "Node"), node)).toEqual([nodeHeaders, [...cells, "skerry-wasm://0.1"]]);
  });

  it.each([
    [[{ type: "Ready", status: "Unknown" }], "NotReady"],
    [[{ type: "Ready", status: "False" }], "NotReady"],
    [[], "Unknown"],
  ])("shows a Node with conditions %j as %s", (conditions, status) => {
    const unknown = ["<none>", "<none>", "<unknown>", "<unknown>", "<unknown>"];
    expect(shown(kindOf("", "Node"), { status: { conditions } })).toEqual([
      nodeHeaders,
      ["a", status, "<none>", "5m", "", ...unknown],
    ]);
  });

  const eventHeaders = "Last Seen Type Reason Object (Subobject) (Source) Message (First Seen) (Count) (Name)";

  it("shows Events of both groups", () => {
    const event = {
      type: "Warning",
      reason: "Lost",
      involvedObject: { kind: "Device", name: "meter-1", fieldPath: "spec" },
      source: { component: "skerry", host: "pi-7" },
      message: " gone\n",
      firstTimestamp: "2026-01-02T02:00:00Z",
      lastTimestamp: "2026-01-02T02:59:30Z",
      count: 4,
    };
    const cells = ["30s", "Warning", "Lost", "device/meter-1", "spec", "skerry, pi-7", "gone", "60m", 4, "a"];
    expect(shown(kindOf("", "Event"), event)).toEqual([eventHeaders, cells]);
    const newer = {
      type: "Normal",
      reason: "Found",
      regarding: { kind: "Node" },
      reportingController: "skerry",
      note: "here",
      eventTime: "2026-01-02T02:59:00.000000Z",
    };
    const newerCells = ["60s", "Normal", "Found", "node", "", "skerry", "here", "60s", 1, "a"];
    expect(shown(kindOf("events.k8s.io", "Event"), newer)).toEqual([eventHeaders, newerCells]);
  });

  it("shows a custom resource by the columns of its definition", () => {
    const columns: PrinterColumn[] = [
      { name: "Node", type: "string", jsonPath: ".spec.nodeName" },
      { name: "Connected", type: "string", jsonPath: ".status.conditions[?(@.type=='Connected')].status" },
      { name: "Ports", type: "integer", jsonPath: ".spec.ports[*]" },
      { name: "Ratio", type: "number", jsonPath: ".spec.ratio" },
      { name: "On", type: "boolean", jsonPath: ".spec.on" },
      { name: "Seen", type: "date", jsonPath: ".status.seen" },
      { name: "Spec", type: "string", jsonPath: ".spec.free", priority: 1 },
      { name: "Missing", type: "string", jsonPath: ".status.nothing" },
      { name: "Mistyped", type: "integer", jsonPath: ".spec.nodeName" },
      { name: "Broken", type: "string", jsonPath: ".a[" },
    ];
    const object = {
      spec: { nodeName: "pi-7", ports: [502, 503], ratio: 0.5, on: true, free: { x: 1 } },
      status: { conditions: [{ type: "Connected", status: "True" }], seen: "2026-01-02T00:00:00Z" },
    };
    expect(shown(kindOf("devices.skerry.dev", "Device", columns), object)).toEqual([
      "Name Node Connected Ports Ratio On Seen (Spec) Missing Mistyped Broken",
      ["a", "pi-7", "True", 502, 0.5, true, "3h", '{"x":1}', null, null, null],
    ]);
  });

  it("includes objects as asked", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: {} };
    const row = (includeObject: "None" | "Metadata" | "Object") =>
      (toTable([object], columnsFor(kindOf("", "ConfigMap")), { now, includeObject })["rows"] as JsonObject[])[0];
    expect(row("None")).not.toHaveProperty("object");
    expect(row("Object")?.["object"]).toEqual(object);
    expect(row("Metadata")?.["object"]).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata,
    });
  });
});
