import type { Plugin } from "@skerry/plugin";

/** What the build makes of a profile: its YAML as data, and each plugin's manifest and loader. */
export interface ProfileBundle {
  readonly profile: Profile;
  readonly plugins: readonly BundledPlugin[];
}

export interface Profile {
  readonly profile: string;
  readonly plugins: readonly ProfilePlugin[];
}

export interface ProfilePlugin {
  readonly id: string;
  /** A setting of the plugin, without which it takes no part and none of its code is loaded. */
  readonly when?: string;
  readonly grants?: readonly string[];
  readonly settings?: unknown;
}

export interface BundledPlugin {
  readonly manifest: { readonly id: string };
  readonly load: () => Promise<Plugin>;
}
