import type { Manifest, SkerryError } from "@skerry/plugin";
import {
  checkAlone,
  checkDuplicates,
  checkNeeds,
  type Offers,
  promisedBy,
  readOffers,
  type Surroundings,
} from "./boot-checks.ts";
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
  const promised = new Set<string>();
  const accepted: Pick<PlannedPlugin, "manifest" | "settings" | "index">[] = [];
  for (const [index, input] of inputs.entries()) {
    const read = readManifest(input.manifest);
    if ("problems" in read) {
      problems.push(...read.problems);
      for (const id of promisedBy(input.manifest)) promised.add(id);
      continue;
    }
    const { manifest } = read;
    const { settings, problems: bad } = readSettings(manifest.settings, input.settings);
    for (const problem of bad)
      problems.push(errors.create("SKERRY_BOOT_BAD_SETTING", { plugin: manifest.id, ...problem }));
    problems.push(...checkAlone(manifest, input.grants ?? []));
    accepted.push({ manifest, settings, index });
  }
  const manifests = accepted.map(({ manifest }) => manifest);
  problems.push(...checkDuplicates(manifests));
  const offers = readOffers(manifests, surroundings, problems);
  for (const manifest of manifests) problems.push(...checkNeeds(manifest, offers, promised));

  const needs = new Map(manifests.map((manifest) => [manifest.id, needsOf(manifest, manifests, offers)]));
  const { order, cycles } = orderPlugins([...needs.values()]);
  for (const cycle of cycles) problems.push(errors.create("SKERRY_BOOT_CYCLE", { path: cycle.join(" -> ") }));
  if (problems.length > 0) return { plugins: [], problems };
  const plugins = order.flatMap((id) => {
    const found = accepted.find(({ manifest }) => manifest.id === id);
    const { after = [], requires = [] } = needs.get(id) ?? {};
    return found ? [{ ...found, after, requires }] : [];
  });
  return { plugins, problems: [] };
}

function needsOf(manifest: Manifest, manifests: readonly Manifest[], { providers }: Offers): PluginNeeds {
  const ids = new Set(manifests.map(({ id }) => id));
  const providing = (tokens: readonly string[] = []) =>
    tokens.flatMap((token) => {
      const id = providers.get(token);
      return id !== undefined && ids.has(id) ? [id] : [];
    });
  const contributors = manifests
    .filter(({ contributes = [] }) => contributes.some((point) => manifest.extensionPoints?.includes(point)))
    .map(({ id }) => id);
  const requires = new Set(providing(manifest.requires));
  const after = new Set([...requires, ...providing(manifest.optional), ...contributors]);
  for (const set of [requires, after]) set.delete(manifest.id);
  return { id: manifest.id, after: [...after], requires: [...requires] };
}
