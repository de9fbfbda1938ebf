import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/kinds.ts";
import { jsonPath } from "../../src/printing/json-path.ts";

const object = {
  metadata: { name: "a", labels: { "skerry.dev/node": "pi", "a.b": "c" } },
  spec: { ports: [80, 443, 502], replicas: 2, "odd key": 1 },
  status: {
    conditions: [
      { type: "Ready", status: "True", level: 3 },
      { type: "Disk", status: "False", level: 5, why: "full" },
    ],
  },
};

describe("JSONPath", () => {
  it.each<[string, JsonValue[]]>([
    [".metadata.name", ["a"]],
    ["{.metadata.name}", ["a"]],
    ["$.metadata.name", ["a"]],
    ["metadata.name", ["a"]],
    [".metadata.labels['skerry.dev/node']", ["pi"]],
    ['.metadata.labels["a.b"]', ["c"]],
    [".metadata.labels.a\\.b", ["c"]],
    [".spec['odd key']", [1]],
    [".spec.ports[0]", [80]],
    [".spec.ports[-1]", [502]],
    [".spec.ports[7]", []],
    [".spec.ports[1:]", [443, 502]],
    [".spec.ports[:2]", [80, 443]],
    [".spec.ports[*]", [80, 443, 502]],
    [".metadata.labels.*", ["pi", "c"]],
    [".status.conditions[*].type", ["Ready", "Disk"]],
    ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
    [".status.conditions[?(@.type == 'Disk')].why", ["full"]],
    [".status.conditions[?(@.level>3)].type", ["Disk"]],
    [".status.conditions[?(@.level<=3)].type", ["Ready"]],
    ['.status.conditions[?(@.type!="Ready")].type', ["Disk"]],
    [".status.conditions[?(@.why)].type", ["Disk"]],
    [".missing.deeper", []],
    [".constructor", []],
    [".", [object]],
  ])("finds %s", (path, expected) => {
    expect(jsonPath(path)(object)).toEqual(expected);
  });

  it("finds every item of a list in a filter", () => {
    expect(jsonPath(".items[?(@=='b')]")({ items: ["a", "b"] })).toEqual(["b"]);
  });

  it.each([".a[", ".a[x]", ".a[?(@.b==c)]", ".a[?(@.b==]", "..a..", ".a b", ".a['b]"])("refuses %s", (path) => {
    expect(() => jsonPath(path)).toThrow(
      expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_JSON_PATH", family: "invalid" }),
    );
  });
});
