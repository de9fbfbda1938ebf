import type { Manifest } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { planBoot } from "../../src/host/index.ts";
import { manifest } from "./fixtures.ts";

const nothing = { provides: [], extensionPoints: [] };
const plan = (...manifests: readonly unknown[]) =>
  planBoot(
    manifests.map((source) => ({ manifest: source, grants: ["net.listen"] })),
    nothing,
  );
const problems = (...manifests: readonly unknown[]) =>
  plan(...manifests).problems.map(({ code, message }) => [code, message]);

describe("boot plan", () => {
  it("starts providers before those who require them, contributors before the owner of the point", () => {
    const { plugins } = plan(
      manifest("user", { requires: ["a.thing/1"], extensionPoints: ["user.point/1"] }),
      manifest("filler", { contributes: ["user.point/1"], optional: ["b.other/1"] }),
      manifest("maker", { provides: ["a.thing/1"] }),
      manifest("other", { provides: ["b.other/1"] }),
    );
    expect(plugins.map((planned) => planned.manifest.id)).toEqual(["maker", "other", "filler", "user"]);
  });

  it("does not need an optional contract", () => {
    expect(problems(manifest("a", { optional: ["x.absent/1"] }))).toEqual([]);
  });

  it("names who asks for a contract that nobody provides", () => {
    expect(problems(manifest("a", { requires: ["x.absent/1"] }))).toEqual([
      ["SKERRY_BOOT_NO_PROVIDER", "a requires x.absent/1, which no plugin of this profile provides"],
    ]);
  });

  it("names both providers of one contract", () => {
    expect(problems(manifest("a", { provides: ["x.y/1"] }), manifest("b", { provides: ["x.y/1"] }))).toEqual([
      ["SKERRY_BOOT_TWO_PROVIDERS", "x.y/1 is provided by a and by b"],
    ]);
  });

  it("prints a circle closed", () => {
    expect(
      problems(
        manifest("a", { provides: ["a.a/1"], requires: ["b.b/1"] }),
        manifest("b", { provides: ["b.b/1"], requires: ["c.c/1"] }),
        manifest("c", { provides: ["c.c/1"], requires: ["a.a/1"] }),
      ),
    ).toEqual([["SKERRY_BOOT_CYCLE", "plugins need each other in a circle: a -> b -> c -> a"]]);
  });

  it("prints every circle", () => {
    const pair = (one: string, two: string) => [
      manifest(one, { provides: [`${one}.x/1`], requires: [`${two}.x/1`] }),
      manifest(two, { provides: [`${two}.x/1`], optional: [`${one}.x/1`] }),
    ];
    expect(problems(...pair("a", "b"), ...pair("c", "d"))).toEqual([
      ["SKERRY_BOOT_CYCLE", "plugins need each other in a circle: a -> b -> a"],
      ["SKERRY_BOOT_CYCLE", "plugins need each other in a circle: c -> d -> c"],
    ]);
  });

  it("counts a contribution as a step of a circle", () => {
    expect(
      problems(
        manifest("owner", { provides: ["a.a/1"], extensionPoints: ["a.point/1"] }),
        manifest("filler", { requires: ["a.a/1"], contributes: ["a.point/1"] }),
      ),
    ).toEqual([["SKERRY_BOOT_CYCLE", "plugins need each other in a circle: owner -> filler -> owner"]]);
  });

  it("lets a plugin use what it provides and fill the point it owns", () => {
    const whole = manifest("a", { provides: ["x.y/1"], requires: ["x.y/1"], extensionPoints: ["x.p/1"] });
    expect(problems({ ...whole, contributes: ["x.p/1"] })).toEqual([]);
  });

  it("names both owners of one extension point, and who takes what is the kernel's", () => {
    const { problems: found } = planBoot(
      [
        { manifest: manifest("a", { extensionPoints: ["x.p/1", "k.point/1"] }) },
        { manifest: manifest("b", { extensionPoints: ["x.p/1"], provides: ["k.thing/1"] }) },
      ],
      { provides: ["k.thing/1"], extensionPoints: ["k.point/1"] },
    );
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ["SKERRY_BOOT_TWO_OWNERS", "the extension point k.point/1 is owned by the kernel and by a"],
      ["SKERRY_BOOT_TWO_PROVIDERS", "k.thing/1 is provided by the kernel and by b"],
      ["SKERRY_BOOT_TWO_OWNERS", "the extension point x.p/1 is owned by a and by b"],
    ]);
  });

  it("does not report the consequences of a refused manifest", () => {
    const codes = problems(
      { ...manifest("a", { provides: ["x.y/1"], extensionPoints: ["x.p/1"] }), colour: "red" },
      manifest("b", { requires: ["x.y/1"], contributes: ["x.p/1"] }),
    ).map(([code]) => code);
    expect(codes).toEqual(["SKERRY_BOOT_BAD_MANIFEST"]);
  });

  it("does not depend on the order of the list", () => {
    const manifests = [
      manifest("a", { requires: ["b.x/1"] }),
      manifest("b", { provides: ["b.x/1"], requires: ["c.x/1"], extensionPoints: ["b.p/1"] }),
      manifest("c", { provides: ["c.x/1"] }),
      manifest("d", { contributes: ["b.p/1"], optional: ["c.x/1"] }),
    ];
    for (let turn = 0; turn < manifests.length; turn += 1) {
      manifests.push(...manifests.splice(0, 1));
      const order = plan(...manifests).plugins.map((planned) => planned.manifest.id);
      expect(order).toHaveLength(4);
      const pairs = [
        ["c", "b"],
        ["c", "d"],
        ["d", "b"],
        ["b", "a"],
      ] as const;
      for (const [first, second] of pairs) expect(order.indexOf(first)).toBeLessThan(order.indexOf(second));
    }
  });

  it("refuses a capability that is not granted", () => {
    expect(problems(manifest("a", { capabilities: ["net.listen", "fs.write"] }))).toEqual([
      ["SKERRY_BOOT_NOT_GRANTED", "a asks for the capability fs.write, which this profile does not grant"],
    ]);
  });

  it("refuses a plugin of another SDK, and one whose range is no range", () => {
    expect(problems(manifest("a", { sdk: "^9.0.0" }), manifest("b", { sdk: "soon" })).map(([code]) => code)).toEqual([
      "SKERRY_BOOT_SDK_MISMATCH",
      "SKERRY_BOOT_SDK_MISMATCH",
    ]);
  });

  it("refuses a plugin listed twice, once", () => {
    const twice = manifest("a", { provides: ["x.y/1"] });
    expect(problems(twice, twice)).toEqual([["SKERRY_BOOT_DUPLICATE_PLUGIN", "a is listed 2 times"]]);
  });

  it("names the point that nobody owns", () => {
    expect(problems(manifest("a", { contributes: ["x.point/1"] }))).toEqual([
      ["SKERRY_BOOT_NO_EXTENSION_POINT", "a contributes to x.point/1, which no plugin of this profile owns"],
    ]);
  });

  it("reports every problem of one boot together, manifests and settings included", () => {
    const settings = { properties: { port: { type: "integer" as const, description: "a port", required: true } } };
    expect(
      problems(
        { ...manifest("a"), colour: "red" },
        { id: "B?", summary: "", sdk: 1 },
        manifest("c", { settings, requires: ["x.absent/1"], capabilities: ["process.spawn"] }),
        7,
      ).map(([code, message]) => `${code} ${message?.slice(0, 60)}`),
    ).toMatchInlineSnapshot(`
      [
        "SKERRY_BOOT_BAD_MANIFEST a: plugin.json: colour: expected one of id, summary, sdk, pr",
        "SKERRY_BOOT_BAD_MANIFEST B?: plugin.json: id: expected \`<role>-<technology>\` or \`<rol",
        "SKERRY_BOOT_BAD_MANIFEST B?: plugin.json: summary: expected a sentence, found """,
        "SKERRY_BOOT_BAD_MANIFEST B?: plugin.json: sdk: expected a semver range, found 1",
        "SKERRY_BOOT_BAD_SETTING c: port: expected an integer, found nothing",
        "SKERRY_BOOT_NOT_GRANTED c asks for the capability process.spawn, which this profile ",
        "SKERRY_BOOT_BAD_MANIFEST a plugin without id: plugin.json: /: expected an object, fou",
        "SKERRY_BOOT_NO_PROVIDER c requires x.absent/1, which no plugin of this profile provi",
      ]
    `);
  });

  it("accepts what the kernel provides", () => {
    const needy: Manifest = manifest("a", { requires: ["k.thing/1"], contributes: ["k.point/1"] });
    const { problems: none } = planBoot([{ manifest: needy }], {
      provides: ["k.thing/1"],
      extensionPoints: ["k.point/1"],
    });
    expect(none).toEqual([]);
  });
});
