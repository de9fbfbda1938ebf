import { chmod, mkdir } from "node:fs/promises";
import { errorMessage } from "@skerry/plugin";
import { Waiting } from "../containers/waiting.ts";
import type { Volume } from "../pod/pod.ts";
import type { PodFolders } from "./pod-folders.ts";
import { filesOf, pluginOf, type VolumeContext } from "./volume-files.ts";
import type { VolumeWriter } from "./volume-writer.ts";

export interface VolumeProblem {
  readonly volume: string;
  /** As the kubelet's event `FailedMount` has it. */
  readonly message: string;
  /** It may pass by itself, as a full disk; else an object must change. */
  readonly isPassing: boolean;
}

/** Makes the volumes of a Pod as its object and the replica have them now, and says which could not be made. */
export async function prepareVolumes(
  context: VolumeContext,
  folders: PodFolders,
  writer: VolumeWriter,
): Promise<readonly VolumeProblem[]> {
  const problems: VolumeProblem[] = [];
  for (const volume of context.pod.spec.volumes ?? []) {
    try {
      await prepare(volume, context, folders, writer);
    } catch (error) {
      const isPassing = !(error instanceof Waiting);
      const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${errorMessage(error)}`;
      problems.push({ volume: volume.name, message, isPassing });
    }
  }
  return problems;
}

async function prepare(
  volume: Volume,
  context: VolumeContext,
  folders: PodFolders,
  writer: VolumeWriter,
): Promise<void> {
  const plugin = pluginOf(volume);
  if (plugin === undefined)
    throw new Waiting("ContainerCreating", `volumes of type ${typeOf(volume)} are not supported by this node`);
  const folder = folders.volume(plugin, volume.name);
  if (plugin !== "empty-dir") return writer.write(folder, filesOf(volume, context));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
}

function typeOf(volume: Volume): string {
  return Object.keys(volume).find((field) => field !== "name") ?? "unknown";
}
