import type { SettingsSchema } from "./settings-schema.ts";

/** One permission a plugin asks for; the node's profile grants or withholds it. */
export type Capability = "net.connect" | "net.listen" | "fs.read" | "fs.write" | "process.spawn";

/**
 * What a plugin says about itself, as data, in its `plugin.json`. The host reads, orders and refuses
 * manifests before any code of the plugin runs.
 */
export interface Manifest {
  /** `<role>-<technology>`, or `<role>/<half>` for a plugin with a cloud and an edge half. */
  readonly id: string;
  /** One sentence for `skerry inspect` and the catalogue. */
  readonly summary: string;
  /** Semver range of the SDK this plugin was written for. Outside it the boot is refused. */
  readonly sdk: string;
  /** Ids of the contracts it provides. Exactly one plugin of a profile provides a contract. */
  readonly provides?: readonly string[];
  /** Ids of the contracts it cannot do without. */
  readonly requires?: readonly string[];
  /** Ids of the contracts it uses when somebody provides them. */
  readonly optional?: readonly string[];
  /** Ids of the extension points it owns. */
  readonly extensionPoints?: readonly string[];
  /** Ids of the extension points it fills. It starts before their owner. */
  readonly contributes?: readonly string[];
  readonly capabilities?: readonly Capability[];
  readonly settings?: SettingsSchema;
  /** `true` (default): its failure stops the node. `false`: the node goes on, degraded, and says so. */
  readonly essential?: boolean;
  /** How long `start` may take, in milliseconds. Default 10,000. */
  readonly startWithinMs?: number;
  /** Named features that the contract suites run for this implementation. */
  readonly supports?: Readonly<Record<string, boolean>>;
}

/** A manifest as `import … with { type: "json" }` types it: checked by the host, not by the compiler. */
export interface ManifestSource {
  readonly id: string;
}
