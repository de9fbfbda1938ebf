import { expect, it } from "vitest";
import { pluginEntries } from "../../src/cli/node/plugin-entries.ts";
import type { ProfileBundle } from "../../src/cli/node/profile-bundle.ts";

const manifest = {
  id: "runtime-x",
  settings: { properties: { socket: { type: "string", description: "of a test" } } },
};

function idsWith(settings: object | undefined, environment: Record<string, string> = {}): readonly string[] {
  const bundle: ProfileBundle = {
    profile: { profile: "test", plugins: [{ id: "runtime-x", when: "socket", settings: { other: 1 } }] },
    plugins: [{ manifest, load: () => Promise.reject(new Error("its code is loaded")) }],
  };
  const layers = { file: { plugins: { "runtime-x": settings } }, overrides: [] };
  return pluginEntries(bundle, layers, environment).map((entry) => (entry.manifest as typeof manifest).id);
}

it("a plugin with a condition takes part only where its setting is given, in whatever layer", () => {
  expect(idsWith(undefined)).toEqual([]);
  expect(idsWith({ other: 2 })).toEqual([]);
  expect(idsWith({ socket: "/run/x.sock" })).toEqual(["runtime-x"]);
  expect(idsWith(undefined, { SKERRY_RUNTIME_X__SOCKET: "/run/x.sock" })).toEqual(["runtime-x"]);
});
