import { lstat, mkdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Mount } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { expand } from "../containers/environment.ts";
import { Waiting } from "../containers/waiting.ts";
import type { Pod, PodContainer, Volume, VolumeMount } from "../pod/pod.ts";
import type { PodFolders } from "./pod-folders.ts";
import { pluginOf } from "./volume-files.ts";

const configError = "CreateContainerConfigError";

/**
 * The mounts of a container: folders of its volumes, or what a `subPath` names in them. Throws {@link Waiting} for what is
 * not there or would lead out of its volume.
 */
export function mountsOf(
  pod: Pod,
  container: PodContainer,
  folders: PodFolders,
  values: ReadonlyMap<string, string>,
): Promise<readonly Mount[]> {
  return Promise.all(
    (container.volumeMounts ?? []).map(async (mount): Promise<Mount> => {
      const place = placeOf(pod, mount, folders);
      if (place === undefined)
        throw new Waiting(
          configError,
          `cannot find volume "${mount.name}" to mount into container "${container.name}"`,
        );
      const subPath = mount.subPathExpr ? expanded(mount.subPathExpr, values) : (mount.subPath ?? "");
      return {
        containerPath: absolute(mount.mountPath),
        hostPath: subPath === "" ? place.folder : await inside(place, subPath, container.name),
        readOnly: mount.readOnly === true || !place.isWritable,
      };
    }),
  );
}

export interface VolumePlace {
  readonly folder: string;
  readonly isWritable: boolean;
}

/** Where on this node a mounted volume is. */
export function placeOf(pod: Pod, mount: VolumeMount, folders: PodFolders): VolumePlace | undefined {
  const volume: Volume | undefined = pod.spec.volumes?.find(({ name }) => name === mount.name);
  const plugin = volume && pluginOf(volume);
  return plugin === undefined
    ? undefined
    : { folder: folders.volume(plugin, mount.name), isWritable: plugin === "empty-dir" };
}

/** Follows links, as a container may have made them, and refuses to leave the volume. */
async function inside({ folder, isWritable }: VolumePlace, subPath: string, container: string): Promise<string> {
  const parts = subPath.split("/").filter((part) => part !== "" && part !== ".");
  if (subPath.startsWith("/") || parts.includes("..")) {
    throw new Waiting(
      configError,
      `subPath "${subPath}" of container "${container}" must be relative and must not contain ".."`,
    );
  }
  try {
    const root = await realpath(folder);
    const path = join(root, ...parts);
    if (isWritable && !(await exists(path))) await makeInside(root, parts);
    const real = await realpath(path);
    if (real === root || real.startsWith(root + sep)) return real;
  } catch (error) {
    const problem = `failed to prepare subPath for volumeMount of container "${container}": ${errorMessage(error)}`;
    throw new Waiting(configError, problem, error);
  }
  throw new Waiting(configError, `subPath "${subPath}" of container "${container}" leads out of its volume`);
}

async function makeInside(root: string, parts: readonly string[]): Promise<void> {
  let folder = root;
  for (const part of parts) {
    folder = join(folder, part);
    if (!(await exists(folder))) await mkdir(folder, { mode: 0o777 });
    const real = await realpath(folder);
    if (real !== folder && !real.startsWith(root + sep)) return;
    folder = real;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function expanded(expression: string, values: ReadonlyMap<string, string>): string {
  const path = expand(expression, values);
  if (!/\$\([^)]*\)/.test(path)) return path;
  throw new Waiting(configError, `failed to expand subPath for volumeMount: missing value for "${expression}"`);
}

/** The kubelet takes a mount path without its slash as one below the root. */
function absolute(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
