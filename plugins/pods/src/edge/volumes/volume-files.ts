import { Waiting } from "../containers/waiting.ts";
import { fieldOf, type Place, resourceOf } from "../pod/fields.ts";
import type { DownwardSource, ObjectSource, Pod, TokenSource, Volume, VolumeSource } from "../pod/pod.ts";
import type { Data, PodObjects } from "../pod-objects.ts";

export interface VolumeFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/** By path relative to the volume. */
export type VolumeFiles = ReadonlyMap<string, VolumeFile>;

export interface VolumeContext {
  readonly pod: Pod;
  readonly objects: PodObjects;
  readonly place: Place;
  readonly tokens: TokensOfPods;
}

export interface TokensOfPods {
  /** Throws {@link Waiting} while there is none. */
  tokenOf(pod: Pod, source: TokenSource): string;
}

const defaultFileMode = 0o644;

/** How the kubelet's plugin for a volume is called; `undefined` for a type that a node does not mount. */
export function pluginOf(volume: Volume): string | undefined {
  if (volume.configMap) return "configmap";
  if (volume.secret) return "secret";
  if (volume.projected) return "projected";
  if (volume.downwardAPI) return "downward-api";
  return volume.emptyDir ? "empty-dir" : undefined;
}

/** The files of a volume that is made of objects; throws {@link Waiting} for what is missing. */
export function filesOf(volume: Volume, context: VolumeContext): VolumeFiles {
  const { projected } = volume;
  const mode = projected?.defaultMode ?? defaultFileMode;
  const files = new Map<string, VolumeFile>();
  for (const source of projected?.sources ?? [volume]) {
    for (const [path, file] of filesOfSource(source, context, mode)) files.set(checked(path), file);
  }
  return files;
}

function filesOfSource(source: VolumeSource, context: VolumeContext, mode: number): Entries {
  const { objects } = context;
  if (source.configMap) {
    const name = source.configMap.name ?? "";
    return entriesOf({ kind: "configmap", keys: "config key", name }, source.configMap, objects.configMap(name), mode);
  }
  if (source.secret) {
    const name = source.secret.secretName ?? source.secret.name ?? "";
    return entriesOf({ kind: "secret", keys: "secret key", name }, source.secret, objects.secret(name), mode);
  }
  const { serviceAccountToken: token } = source;
  if (token) return [[token.path, { bytes: Buffer.from(context.tokens.tokenOf(context.pod, token)), mode }]];
  return source.downwardAPI ? downwardEntries(source.downwardAPI, context, mode) : [];
}

type Entries = readonly (readonly [string, VolumeFile])[];

function entriesOf(
  { kind, keys, name }: { readonly kind: string; readonly keys: string; readonly name: string },
  { items, optional = false, defaultMode }: ObjectSource,
  data: Data | undefined,
  mode: number,
): Entries {
  if (data === undefined) {
    if (optional) return [];
    throw new Waiting("ContainerCreating", `${kind} "${name}" not found`);
  }
  const common = defaultMode ?? mode;
  if (items === undefined || items.length === 0)
    return [...data.files].map(([path, bytes]) => [path, { bytes, mode: common }]);
  return items.flatMap(({ key, path, mode: own = common }) => {
    const bytes = data.files.get(key);
    if (bytes !== undefined) return [[path, { bytes, mode: own }] as const];
    if (optional) return [];
    const whose = kind === "configmap" ? "configmap " : "";
    throw new Waiting("ContainerCreating", `${whose}references non-existent ${keys}: ${key}`);
  });
}

function downwardEntries(
  { items = [], defaultMode }: DownwardSource,
  { pod, place }: VolumeContext,
  mode: number,
): Entries {
  return items.map(({ path, mode: own, fieldRef, resourceFieldRef }) => {
    const value = fieldRef
      ? fieldOf(pod, fieldRef, place)
      : resourceFieldRef && resourceOf(pod, undefined, resourceFieldRef, place);
    const what = fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? "";
    if (value === undefined) throw new Waiting("ContainerCreating", `unsupported field of the downward API: ${what}`);
    return [path, { bytes: Buffer.from(value), mode: own ?? defaultMode ?? mode }];
  });
}

/** A path stays in its volume, and clear of the names by which the volume is switched. */
function checked(path: string): string {
  const parts = path.split("/");
  const isInside = parts.every((part) => part !== "" && part !== "." && part !== "..") && !path.startsWith("..");
  if (isInside && !path.includes("\0")) return path;
  throw new Waiting(
    "ContainerCreating",
    `invalid path ${JSON.stringify(path)}: it must be relative and must not contain or start with ".."`,
  );
}
