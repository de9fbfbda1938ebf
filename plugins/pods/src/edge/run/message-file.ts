import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Mount } from "@skerry/contracts";
import type { PodContainer } from "../pod/pod.ts";
import type { PodFolders } from "../volumes/pod-folders.ts";

const defaultPath = "/dev/termination-log";

/** Makes the file that a container writes its last words into, whoever it runs as, and says where it is mounted. */
export async function messageFileOf(
  { name, terminationMessagePath }: PodContainer,
  attempt: number,
  folders: PodFolders,
): Promise<Mount> {
  const path = terminationMessagePath || defaultPath;
  const file = folders.messageOf(name, attempt);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  await chmod(file, 0o666);
  return { containerPath: path.startsWith("/") ? path : `/${path}`, hostPath: file, readOnly: false };
}
