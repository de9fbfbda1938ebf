import type { SettingsSchema } from "@skerry/plugin";
import { mergeSettings, type PluginEntry, settingsFromEnvironment } from "../../host/index.ts";
import { errors } from "../errors.ts";
import type { BundledPlugin, ProfileBundle } from "./profile-bundle.ts";
import type { SettingsFile } from "./settings-layers.ts";

/** What lies over the profile's own settings. */
export interface SettingsLayers {
  readonly file: SettingsFile;
  readonly overrides: readonly SettingsFile[];
}

/**
 * A profile's plugins with their settings: the profile's, under the settings file's, under the
 * environment's, under those of the command line.
 */
export function pluginEntries(
  { profile, plugins }: ProfileBundle,
  { file, overrides }: SettingsLayers,
  environment: Readonly<Record<string, string | undefined>>,
): readonly PluginEntry[] {
  return profile.plugins.flatMap(({ id, when, grants = [], settings }) => {
    const plugin = plugins.find(({ manifest }) => manifest.id === id);
    if (!plugin) throw errors.create("SKERRY_CLI_NOT_BUNDLED", { plugin: id, profile: profile.profile });
    const layers = [
      settings,
      file.plugins[id],
      settingsFromEnvironment(id, schemaOf(plugin), environment),
      ...overrides.map((override) => override.plugins[id]),
    ];
    const merged = mergeSettings(...layers);
    if (when !== undefined && !isGiven(merged, when)) return [];
    return [{ manifest: plugin.manifest, load: plugin.load, grants, settings: merged }];
  });
}

function schemaOf({ manifest }: BundledPlugin): SettingsSchema | undefined {
  return (manifest as { settings?: SettingsSchema }).settings;
}

function isGiven(settings: unknown, name: string): boolean {
  return typeof settings === "object" && settings !== null && Object.hasOwn(settings, name);
}
