import { type Manifest, type SkerryError, sdkVersion } from "@skerry/plugin";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { orderPlugins, type PluginNeeds } from "./boot-order.ts";
import { errors } from "./errors.ts";
import { readManifest } from "./manifest.ts";
import { readSettings } from "./settings.ts";

/** What is known of a plugin before its code is loaded. */
export interface PlanInput {
  /** The parsed `plugin.json`, unchecked. */
  readonly manifest: unknown;
  readonly settings?: unknown;
  readonly grants?: readonly string[];
}

/** What the node has without any plugin. */
export interface Surroundings {
  /** Contracts the kernel or the caller provides. */
  readonly provides: readonly string[];
  readonly extensionPoints: readonly string[];
}

export interface PlannedPlugin {
  readonly manifest: Manifest;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where it stands in the input. */
  readonly index: number;
  /** Plugins that start before it: whose contracts it requires or uses, and who contribute to its points. */
  readonly after: readonly string[];
  /** Of these, the ones it cannot do without. */
  readonly requires: readonly string[];
}

export type BootPlan =
  | { readonly plugins: readonly PlannedPlugin[]; readonly problems: readonly [] }
  | { readonly plugins: readonly []; readonly problems: readonly SkerryError[] };

/**
 * Decides from the manifests alone whether these plugins can make a node, and in which order they
 * start. Pure; reports every problem of one boot together.
 */
export function planBoot(inputs: readonly PlanInput[], surroundings: Surroundings): BootPlan {
  const problems: SkerryError[] = [];
  const accepted: { manifest: Manifest; input: PlanInput; index: number; settings: PlannedPlugin["settings"] }[] = [];
  for (const [index, input] of inputs.entries()) {
    const read = readManifest(input.manifest);
    if ("problems" in read) {
      problems.push(...read.problems);
      continue;
    }
    const { manifest } = read;
    const { settings, problems: bad } = readSettings(manifest.settings, input.settings);
    for (const problem of bad)
      problems.push(errors.create("SKERRY_BOOT_BAD_SETTING", { plugin: manifest.id, ...problem }));
    accepted.push({ manifest, input, index, settings });
  }
  const manifests = accepted.map(({ manifest }) => manifest);
  for (const { manifest, input } of accepted) problems.push(...checkAlone(manifest, input.grants ?? []));
  problems.push(...checkDuplicates(manifests));
  const providers = providersOf(manifests, surroundings, problems);
  for (const manifest of manifests) problems.push(...checkNeeds(manifest, manifests, providers, surroundings));

  const needs = manifests.map((manifest) => needsOf(manifest, manifests, providers));
  const { order, cycle } = orderPlugins(needs);
  if (cycle) problems.push(errors.create("SKERRY_BOOT_CYCLE", { path: cycle.join(" -> ") }));
  if (problems.length > 0) return { plugins: [], problems };
  const plugins = order.flatMap((id) => {
    const found = accepted.find(({ manifest }) => manifest.id === id);
    const need = needs.find((candidate) => candidate.id === id);
    return found && need ? [{ ...found, after: need.after, requires: need.requires }] : [];
  });
  return {
    plugins: plugins.map(({ manifest, settings, index, after, requires }) => ({
      manifest,
      settings,
      index,
      after,
      requires,
    })),
    problems: [],
  };
}

function checkAlone(manifest: Manifest, grants: readonly string[]): SkerryError[] {
  const { id: plugin, sdk: range, capabilities = [] } = manifest;
  const problems: SkerryError[] = [];
  if (validRange(range) === null || !satisfies(sdkVersion, range, { includePrerelease: true })) {
    problems.push(errors.create("SKERRY_BOOT_SDK_MISMATCH", { plugin, range, version: sdkVersion }));
  }
  for (const capability of capabilities) {
    if (!grants.includes(capability)) problems.push(errors.create("SKERRY_BOOT_NOT_GRANTED", { plugin, capability }));
  }
  return problems;
}

function checkDuplicates(manifests: readonly Manifest[]): SkerryError[] {
  const times = new Map<string, number>();
  for (const { id } of manifests) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times]
    .filter(([, count]) => count > 1)
    .map(([plugin, count]) => errors.create("SKERRY_BOOT_DUPLICATE_PLUGIN", { plugin, times: count }));
}

function providersOf(
  manifests: readonly Manifest[],
  surroundings: Surroundings,
  problems: SkerryError[],
): ReadonlyMap<string, string> {
  const providers = new Map(surroundings.provides.map((token) => [token, "the kernel"]));
  const seen = new Set<string>();
  for (const { id, provides = [] } of manifests) {
    // A plugin that is listed twice is one problem, not one for each contract it provides.
    if (seen.has(id)) continue;
    seen.add(id);
    for (const token of provides) {
      const first = providers.get(token);
      if (first !== undefined) problems.push(errors.create("SKERRY_BOOT_TWO_PROVIDERS", { token, first, second: id }));
      else providers.set(token, id);
    }
  }
  return providers;
}

function checkNeeds(
  { id: plugin, requires = [], contributes = [] }: Manifest,
  manifests: readonly Manifest[],
  providers: ReadonlyMap<string, string>,
  surroundings: Surroundings,
): SkerryError[] {
  const owned = (point: string) =>
    surroundings.extensionPoints.includes(point) || manifests.some((other) => other.extensionPoints?.includes(point));
  return [
    ...requires
      .filter((token) => !providers.has(token))
      .map((token) => errors.create("SKERRY_BOOT_NO_PROVIDER", { plugin, token })),
    ...contributes
      .filter((point) => !owned(point))
      .map((point) => errors.create("SKERRY_BOOT_NO_EXTENSION_POINT", { plugin, point })),
  ];
}

function needsOf(
  manifest: Manifest,
  manifests: readonly Manifest[],
  providers: ReadonlyMap<string, string>,
): PluginNeeds {
  const ids = new Set(manifests.map(({ id }) => id));
  const providing = (tokens: readonly string[] = []) =>
    tokens.map((token) => providers.get(token)).filter((id): id is string => id !== undefined && ids.has(id));
  const requires = providing(manifest.requires);
  const contributors = manifests
    .filter(({ contributes = [] }) => contributes.some((point) => manifest.extensionPoints?.includes(point)))
    .map(({ id }) => id);
  const after = new Set([...requires, ...providing(manifest.optional), ...contributors]);
  after.delete(manifest.id);
  return { id: manifest.id, after: [...after], requires };
}
