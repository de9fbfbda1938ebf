import { describe, expect, it } from "vitest";
import { parseFieldSelector } from "../../src/selectors/field-selector.ts";

const event = {
  metadata: { name: "a.1", namespace: "default" },
  involvedObject: { kind: "Node", name: "pi-7" },
  source: { component: "skerry" },
  spec: { unschedulable: true, note: "a,b=c\\d" },
};
const supported = [
  "metadata.name",
  "involvedObject.kind",
  "involvedObject.uid",
  "source",
  "spec.unschedulable",
  "spec.note",
];

describe("field selectors", () => {
  it.each<[string, boolean]>([
    ["", true],
    ["metadata.name=a.1", true],
    ["metadata.name!=a.1", false],
    ["involvedObject.kind==Node,metadata.name=a.1", true],
    ["involvedObject.kind=Node,metadata.name=b", false],
    ["involvedObject.uid=", true],
    ["source=skerry", true],
    ["spec.unschedulable=true", true],
    ["spec.note=a\\,b\\=c\\\\d", true],
  ])("reads %j", (text, expected) => {
    expect(parseFieldSelector(text, supported)(event)).toBe(expected);
  });

  it.each(["metadata.name", "=x", "metadata.labels=x", "spec.note=a=b", "spec.note=\\a", "!metadata.name"])(
    "refuses %j",
    (text) => {
      expect(() => parseFieldSelector(text, supported)).toThrow(
        expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_SELECTOR", family: "invalid" }),
      );
    },
  );

  it("knows names and namespaces of every kind", () => {
    expect(parseFieldSelector("metadata.namespace=default")(event)).toBe(true);
    expect(() => parseFieldSelector("spec.nodeName=x")).toThrow("field label not supported: spec.nodeName");
  });
});
