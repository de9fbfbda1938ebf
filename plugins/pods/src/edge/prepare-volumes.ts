import { mkdir } from "node:fs/promises";
import { errorMessage } from "@skerry/plugin";
import type { PodObjects } from "./objects.ts";
import type { Pod } from "./pod.ts";
import type { PodFolders } from "./pod-folders.ts";
import { filesOf } from "./volume-files.ts";
import { writeVolume } from "./volume-folder.ts";
import { Waiting } from "./waiting.ts";

/** Brings the volumes of a Pod and its log folder about; throws {@link Waiting} for one that cannot be had. */
export async function prepareVolumes(
  pod: Pod,
  folders: PodFolders,
  objects: PodObjects,
  node: { readonly hostIp: string },
): Promise<void> {
  for (const volume of pod.spec.volumes ?? []) {
    const files = filesOf(pod, volume, objects, node);
    const folder = folders.volume(volume.name);
    try {
      if (files === undefined) await mkdir(folder, { recursive: true });
      else await writeVolume(folder, files);
    } catch (error) {
      const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${errorMessage(error)}`;
      throw new Waiting("ContainerCreating", message, "FailedMount");
    }
  }
  await mkdir(folders.logs, { recursive: true });
}
