import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PodIdentity } from "../pod/pod.ts";

/** Where a Pod has its files on the node, laid out as the kubelet's: volumes by uid, logs by name and uid. */
export class PodFolders {
  readonly root: string;
  readonly logs: string;

  constructor(home: string, { namespace, name, uid }: PodIdentity) {
    this.root = join(home, "pods", uid);
    this.logs = join(home, "pods", `${namespace}_${name}_${uid}`);
  }

  /** @param plugin the type of the volume, as in `configmap` */
  volume(plugin: string, name: string): string {
    return join(this.root, "volumes", `kubernetes.io~${plugin}`, name);
  }

  logOf(container: string, attempt: number): string {
    return join(this.logs, container, `${attempt}.log`);
  }

  /** The file that its containers have as `/etc/hosts`. */
  get hosts(): string {
    return join(this.root, "etc-hosts");
  }

  /** The file that one attempt of a container writes its last words into. */
  messageOf(container: string, attempt: number): string {
    return join(this.root, "containers", container, `${attempt}.message`);
  }

  async removeVolumes(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async removeAll(): Promise<void> {
    await this.removeVolumes();
    await rm(this.logs, { recursive: true, force: true });
  }

  /** Removes the logs of attempts before this one, with what was rotated away of them, and their last words. */
  async removeAttemptsBefore(container: string, attempt: number): Promise<void> {
    for (const folder of [join(this.logs, container), dirname(this.messageOf(container, attempt))]) {
      for (const name of await namesIn(folder)) {
        const [, number] = /^(\d+)\.(?:log|message)/.exec(name) ?? [];
        if (number !== undefined && Number(number) < attempt) await rm(join(folder, name), { force: true });
      }
    }
  }
}

/** Folders in the home of a node that belong to Pods, with the uid of each. */
export async function foldersOfPods(home: string): Promise<readonly { readonly path: string; readonly uid: string }[]> {
  const names = await namesIn(join(home, "pods"));
  return names.map((name) => ({ path: join(home, "pods", name), uid: name.split("_").at(-1) ?? name }));
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
