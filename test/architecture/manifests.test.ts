import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { filesEndingIn, sourceFiles } from "./tree.ts";

interface ManifestJson {
  readonly id: string;
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  readonly optional?: readonly string[];
  readonly extensionPoints?: readonly string[];
  readonly contributes?: readonly string[];
  readonly capabilities?: readonly string[];
}

const manifests = (await filesEndingIn("plugin.json"))
  .filter(({ path }) => path.includes("/src/"))
  .map(({ path, text }) => ({ path, folder: dirname(path), manifest: JSON.parse(text) as ManifestJson }));
const sources = await sourceFiles();
const declared = new Set(
  sources
    .filter(({ path }) => path.startsWith("sdk/contracts/src/"))
    .flatMap(({ text }) => [...text.matchAll(/"([a-z][a-z-]*\.[a-z-]+\/\d+)"/g)].map(([, id]) => id ?? "")),
);

/** Built-in modules that reach the network, the disk or other processes, and the capability each needs. */
const reach: readonly (readonly [RegExp, readonly string[]])[] = [
  [/from "node:(net|tls|http|https|dgram)"|from "ws"/, ["net.connect", "net.listen"]],
  [/from "node:fs(\/promises)?"/, ["fs.read", "fs.write"]],
  [/from "node:child_process"/, ["process.spawn"]],
];

describe("plugin manifests", () => {
  it("exist for every plugin", () => {
    expect(manifests.length).toBeGreaterThanOrEqual(14);
  });

  it("have ids that follow their folders", () => {
    for (const { folder, manifest } of manifests) {
      const [, plugin, half] = /^plugins\/([^/]+)\/src(?:\/([^/]+))?$/.exec(folder) ?? [];
      const expected =
        plugin === undefined ? `kernel/${folder.split("/").at(-1)}-link` : [plugin, half].filter(Boolean).join("/");
      expect(manifest.id, folder).toBe(expected);
    }
  });

  it("name only contracts and extension points that the SDK declares", () => {
    expect(declared.size).toBeGreaterThan(15);
    const unknown = manifests.flatMap(({ manifest }) =>
      [
        ...(manifest.provides ?? []),
        ...(manifest.requires ?? []),
        ...(manifest.optional ?? []),
        ...(manifest.extensionPoints ?? []),
        ...(manifest.contributes ?? []),
      ]
        .filter((id) => !declared.has(id))
        .map((id) => `${manifest.id}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });

  it("declare a capability for every module that reaches outside", () => {
    let reaching = 0;
    const undeclared: string[] = [];
    for (const { folder, manifest } of manifests) {
      const own = sources.filter(({ path }) => path.startsWith(`${folder}/`));
      for (const { path, text } of own) {
        for (const [pattern, capabilities] of reach) {
          if (!pattern.test(text)) continue;
          reaching += 1;
          if (!capabilities.some((capability) => manifest.capabilities?.includes(capability))) {
            undeclared.push(`${path} needs one of ${capabilities.join(", ")} in ${manifest.id}`);
          }
        }
      }
    }
    expect(undeclared).toEqual([]);
    expect(reaching).toBeGreaterThan(5);
  });
});
