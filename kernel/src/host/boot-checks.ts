import { type Manifest, type SkerryError, sdkVersion } from "@skerry/plugin";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { errors } from "./errors.ts";
import { isRecord } from "./json-shape.ts";

/** What the node has without any plugin. */
export interface Surroundings {
  /** Contracts the kernel or the caller provides. */
  readonly provides: readonly string[];
  readonly extensionPoints: readonly string[];
}

/** Who provides which contract, and who owns which extension point. */
export interface Offers {
  readonly providers: ReadonlyMap<string, string>;
  readonly owners: ReadonlyMap<string, string>;
}

/** What a manifest has wrong by itself: its SDK, and what it was not granted. */
export function checkAlone(manifest: Manifest, grants: readonly string[]): SkerryError[] {
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

export function checkDuplicates(manifests: readonly Manifest[]): SkerryError[] {
  const times = new Map<string, number>();
  for (const { id } of manifests) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times]
    .filter(([, count]) => count > 1)
    .map(([plugin, count]) => errors.create("SKERRY_BOOT_DUPLICATE_PLUGIN", { plugin, times: count }));
}

/** Finds who offers what; two who offer the same are a problem. */
export function readOffers(
  manifests: readonly Manifest[],
  surroundings: Surroundings,
  problems: SkerryError[],
): Offers {
  const providers = new Map(surroundings.provides.map((token) => [token, "the kernel"]));
  const owners = new Map(surroundings.extensionPoints.map((point) => [point, "the kernel"]));
  // A plugin that is listed twice is one problem, not one for each thing it offers.
  const once = new Map([...manifests].reverse().map((manifest) => [manifest.id, manifest]));
  for (const { id: second, provides = [], extensionPoints = [] } of [...once.values()].reverse()) {
    for (const token of provides) {
      const first = claim(providers, token, second);
      if (first) problems.push(errors.create("SKERRY_BOOT_TWO_PROVIDERS", { token, first, second }));
    }
    for (const point of extensionPoints) {
      const first = claim(owners, point, second);
      if (first) problems.push(errors.create("SKERRY_BOOT_TWO_OWNERS", { point, first, second }));
    }
  }
  return { providers, owners };
}

/** Gives who was first, if somebody was. */
function claim(claims: Map<string, string>, id: string, plugin: string): string | undefined {
  const first = claims.get(id);
  if (first === undefined) claims.set(id, plugin);
  return first;
}

/**
 * What nobody offers.
 *
 * @param promised ids that a refused manifest offers: their absence would be the same problem again
 */
export function checkNeeds(
  { id: plugin, requires = [], contributes = [] }: Manifest,
  { providers, owners }: Offers,
  promised: ReadonlySet<string>,
): SkerryError[] {
  return [
    ...requires
      .filter((token) => !providers.has(token) && !promised.has(token))
      .map((token) => errors.create("SKERRY_BOOT_NO_PROVIDER", { plugin, token })),
    ...contributes
      .filter((point) => !owners.has(point) && !promised.has(point))
      .map((point) => errors.create("SKERRY_BOOT_NO_EXTENSION_POINT", { plugin, point })),
  ];
}

/** The ids that a refused manifest says it offers. */
export function promisedBy(source: unknown): readonly string[] {
  if (!isRecord(source)) return [];
  const listed = [source["provides"], source["extensionPoints"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return listed.filter((id): id is string => typeof id === "string");
}
