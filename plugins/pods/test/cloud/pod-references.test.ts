import * as client from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { referencesOf } from "../../src/cloud/pod-references.ts";
import { referenceTable } from "./pod-reference-table.ts";

interface Model {
  getAttributeTypeMap(): readonly { readonly baseName: string; readonly type: string }[];
}

/** Where the API has the name of something, an object or not. */
const namesSomething = /(?:name|names|account|endpoints)(?:\[\])?$/i;

/** The paths of all texts below a model of the official client, which is generated from the API's own description. */
function textsBelow(type: string, path: string): readonly string[] {
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) return textsBelow(item, `${path}[]`);
  const model = (client as unknown as Readonly<Record<string, Model | undefined>>)[type];
  if (model?.getAttributeTypeMap === undefined) return type === "string" ? [path] : [];
  return model
    .getAttributeTypeMap()
    .flatMap((field) => textsBelow(field.type, path === "" ? field.baseName : `${path}.${field.baseName}`));
}

/** A specification with one name in it. */
function specWith(path: string, name: string): unknown {
  return path
    .split(".")
    .reverse()
    .reduce<unknown>((below, part) => {
      const value = part.endsWith("[]") ? [below] : below;
      return { [part.replace("[]", "")]: value };
    }, name);
}

const texts = textsBelow("V1PodSpec", "");
const lists = ["containers", "initContainers", "ephemeralContainers"];
const asContainer = (path: string) => path.replace(/^(init|ephemeral)Containers\[\]/, "containers[]");
const places = texts.filter((path) => namesSomething.test(path));

describe("what a Pod names", () => {
  it("is all that the Kubernetes API lets it name", () => {
    expect(texts.length).toBeGreaterThan(500);
    expect([...new Set(places.map(asContainer))].sort()).toEqual(Object.keys(referenceTable).sort());
    for (const list of lists) expect(places).toContain(`${list}[].envFrom[].secretRef.name`);
  });

  it.each(places)("at %s goes to its node, or there is a reason why not", (path) => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "shop" },
      spec: specWith(path, "x"),
    };
    const verdict = referenceTable[asContainer(path)] ?? "";
    const found = referencesOf(pod).map(({ kind, namespace = "" }) => `${kind} ${namespace}`);
    const namespace = verdict === "RuntimeClass" ? "" : "shop";
    expect(found).toEqual(verdict.startsWith("- ") ? [] : [`${verdict} ${namespace}`]);
  });

  it("in all these places at once is each kind once, by one name", () => {
    const specs = places.map((path) => specWith(path, "x"));
    const kinds = new Set(Object.values(referenceTable).filter((verdict) => !verdict.startsWith("- ")));
    const volumes = specs.flatMap((spec) => (spec as { volumes?: unknown[] }).volumes ?? []);
    const spec = { ...Object.assign({}, ...(specs as object[])), volumes };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop" }, spec };
    expect(
      referencesOf(pod)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual([...kinds].sort());
  });

  it("elsewhere in a Pod names no object, whatever is written there", () => {
    const known = new Set(places);
    for (const path of texts.filter((text) => !known.has(text))) {
      const spec = specWith(path, "x");
      expect(referencesOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec })).toEqual([]);
    }
  });
});
