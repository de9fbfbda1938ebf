import { hostname } from "node:os";
import { parseOptions } from "../arguments.ts";
import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import type { ProfileBundle } from "./profile-bundle.ts";
import { parseSet, readSettingsFile, type SettingsFile } from "./settings-layers.ts";

/** What the command line and the files say about the node to boot. */
export interface NodeOptions {
  readonly home: Home;
  readonly name: string;
  /** Lowest first: the settings file, then every --set. The profile lies below, the environment between. */
  readonly file: SettingsFile;
  readonly overrides: readonly SettingsFile[];
  readonly logFormat: "text" | "json";
}

/** Reads the arguments of `skerry cloud`, `skerry cloud-cluster` and `skerry edge`. */
export async function readNodeOptions(bundle: ProfileBundle, argv: readonly string[]): Promise<NodeOptions> {
  const { values, positionals } = parseOptions(argv, {
    home: { type: "string" },
    name: { type: "string" },
    settings: { type: "string" },
    set: { type: "string", multiple: true },
    log: { type: "string" },
  });
  if (positionals.length > 0) throw errors.create("SKERRY_CLI_USAGE", { problem: `unexpected "${positionals[0]}"` });
  if (values.log !== undefined && values.log !== "text" && values.log !== "json") {
    throw errors.create("SKERRY_CLI_USAGE", { problem: `--log takes text or json, not ${values.log}` });
  }
  const { profile } = bundle.profile;
  const home = new Home(values.home);
  const path = values.settings ?? home.settings(profile);
  const file = await readSettingsFile(path, values.settings !== undefined);
  const overrides = (values.set ?? []).map(parseSet);
  for (const layer of [file, ...overrides]) refuseUnknownPlugins(bundle, layer, path);
  return { home, name: values.name ?? file.node ?? hostname(), file, overrides, logFormat: values.log ?? "text" };
}

function refuseUnknownPlugins(bundle: ProfileBundle, layer: SettingsFile, file: string): void {
  const known = bundle.profile.plugins.map(({ id }) => id);
  for (const plugin of Object.keys(layer.plugins)) {
    if (known.includes(plugin)) continue;
    const { profile } = bundle.profile;
    throw errors.create("SKERRY_CLI_UNKNOWN_PLUGIN", { file, plugin, profile, known: known.join(", ") });
  }
}
