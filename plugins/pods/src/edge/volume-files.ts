import { fieldOf } from "./fields.ts";
import type { Data, PodObjects } from "./objects.ts";
import type { DownwardSource, ObjectSource, Pod, Volume, VolumeSource } from "./pod.ts";
import { Waiting } from "./waiting.ts";

/** What a volume holds, by relative path; `undefined` for an empty folder of the Pod's own. */
export type VolumeFiles = ReadonlyMap<string, Uint8Array> | undefined;

/** The files of a volume as the kubelet lays them out; throws {@link Waiting} for what is missing or not supported. */
export function filesOf(pod: Pod, volume: Volume, objects: PodObjects, node: { readonly hostIp: string }): VolumeFiles {
  if (volume.emptyDir !== undefined) return undefined;
  const sources = volume.projected?.sources ?? [volume];
  const files = new Map<string, Uint8Array>();
  for (const source of sources) {
    for (const [path, bytes] of filesOfSource(pod, volume.name, source, objects, node))
      files.set(checked(volume, path), bytes);
  }
  return files;
}

function filesOfSource(
  pod: Pod,
  volume: string,
  source: VolumeSource,
  objects: PodObjects,
  node: { readonly hostIp: string },
): readonly (readonly [string, Uint8Array])[] {
  if (source.configMap)
    return pick(volume, "configmap", source.configMap, objects.configMap(source.configMap.name ?? ""));
  if (source.secret) {
    const name = source.secret.secretName ?? source.secret.name ?? "";
    return pick(volume, "secret", { ...source.secret, name }, objects.secret(name));
  }
  if (source.downwardAPI) return downward(pod, volume, source.downwardAPI, node);
  const type = Object.keys(source).find((key) => key !== "name") ?? "unknown";
  throw mountFailed(volume, `volumes of type ${type} are not supported on this node`);
}

function pick(volume: string, kind: string, source: ObjectSource, data: Data | undefined) {
  if (data === undefined) {
    if (source.optional) return [];
    throw mountFailed(volume, `${kind} "${source.name ?? ""}" not found`);
  }
  if (source.items === undefined) return [...data];
  return source.items.flatMap(({ key, path }) => {
    const bytes = data.get(key);
    if (bytes !== undefined) return [[path, bytes] as const];
    if (source.optional) return [];
    throw mountFailed(volume, `references non-existent config key: ${key}`);
  });
}

function downward(pod: Pod, volume: string, { items = [] }: DownwardSource, node: { readonly hostIp: string }) {
  return items.map(({ path, fieldRef }) => {
    const value = fieldRef && fieldOf(pod, fieldRef.fieldPath, node);
    if (value === undefined) throw mountFailed(volume, `unsupported fieldPath: ${fieldRef?.fieldPath ?? ""}`);
    return [path, Buffer.from(value)] as const;
  });
}

function checked({ name }: Volume, path: string): string {
  const parts = path.split("/");
  if (path.startsWith("/") || parts.includes("..") || parts.includes(""))
    throw mountFailed(name, `invalid path ${path}`);
  return path;
}

function mountFailed(volume: string, why: string): Waiting {
  return new Waiting("ContainerCreating", `MountVolume.SetUp failed for volume "${volume}" : ${why}`, "FailedMount");
}
