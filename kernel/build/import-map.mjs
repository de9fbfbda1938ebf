// Turns a profile (plugins named as data) into a module: each plugin's manifest as a value, and a
// function that loads its code. The host plans the boot from the manifests and calls the functions
// only after it accepted the plan.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse } from "yaml";

export function importMap({ root, profileFile, generated }) {
  const profile = parse(readFileSync(profileFile, "utf8"));
  const lines = [
    `import { nodeMain } from ${specifier(generated, join(root, "kernel/src/cli/node/node-main.ts"))};`,
    `import { openProfile } from ${specifier(generated, join(root, "kernel/src/cli/node/open-profile.ts"))};`,
    `import { planNode } from ${specifier(generated, join(root, "kernel/src/cli/node/plan-node.ts"))};`,
  ];
  const entries = [];
  for (const [index, { id }] of profile.plugins.entries()) {
    const folder = pluginFolder(root, id);
    if (!existsSync(join(folder, "plugin.json"))) {
      throw new Error(`${profileFile}: no plugin "${id}": ${join(folder, "plugin.json")} does not exist`);
    }
    lines.push(
      `import manifest${index} from ${specifier(generated, join(folder, "plugin.json"))} with { type: "json" };`,
    );
    entries.push(
      `  { manifest: manifest${index}, load: async () => (await import(${specifier(generated, join(folder, "index.ts"))})).plugin },`,
    );
  }
  return [
    ...lines,
    `const bundle = { profile: ${JSON.stringify(profile)}, plugins: [`,
    ...entries,
    "] };",
    "/** Boots this profile and runs until it is told to stop. Gives the exit code. */",
    "export const main = (argv: readonly string[]) => nodeMain(bundle, argv);",
    "/** Boots this profile for one task. */",
    "export const open = (...task: Parameters<typeof openProfile> extends [unknown, ...infer Rest] ? Rest : never) => openProfile(bundle, ...task);",
    "/** What a node of this profile in this home would be made of. */",
    "export const plan = (home: string) => planNode(bundle, home);",
    "",
  ].join("\n");
}

/** `kernel/edge-link` → kernel/src/link/edge · `twins/cloud` → plugins/twins/src/cloud · `io-net` → plugins/io-net/src */
function pluginFolder(root, id) {
  const [name, half] = id.split("/");
  if (name === "kernel") return join(root, "kernel/src/link", half.replace(/-link$/, ""));
  return join(root, "plugins", name, "src", half ?? "");
}

function specifier(from, to) {
  return JSON.stringify(relative(from, to).replaceAll("\\", "/"));
}
