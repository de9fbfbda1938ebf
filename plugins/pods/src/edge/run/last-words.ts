import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Container } from "@skerry/contracts";
import type { Pod, PodContainer, VolumeMount } from "../pod/pod.ts";
import { placeOf } from "../volumes/mounts.ts";
import type { PodFolders } from "../volumes/pod-folders.ts";

const longestFile = 4096;
/** Of all containers of a Pod together. */
const longestOfPod = 12 * 1024;
const longestTail = 2048;
const mostLines = 80;
/** Of a log, read for its last lines. */
const tailBytes = 64 * 1024;

/**
 * The last words of a container that has ended: its termination message file, mounted for it or in a volume of its own, or the
 * end of its log when it failed and asks for that. Empty when there are none.
 */
export async function lastWordsOf(
  pod: Pod,
  spec: PodContainer,
  { config, exitCode }: Container,
  folders: PodFolders,
): Promise<string> {
  const { initContainers = [], containers } = pod.spec;
  const longest = Math.min(longestFile, Math.floor(longestOfPod / (initContainers.length + containers.length)));
  const own = await readEnd(folders.messageOf(config.name, config.attempt), longest);
  const said = own ?? (await messageFile(pod, spec, folders, longest));
  if (said !== "" || spec.terminationMessagePolicy !== "FallbackToLogsOnError" || exitCode === 0) return said;
  return logTail((await readEnd(folders.logOf(config.name, config.attempt), tailBytes)) ?? "").slice(-longest);
}

/** The mount that the termination message of a container is written into. */
export function messageMount(
  pod: Pod,
  { terminationMessagePath = "", volumeMounts = [] }: PodContainer,
): VolumeMount | undefined {
  const holds = ({ mountPath }: VolumeMount) => terminationMessagePath.startsWith(`${mountPath.replace(/\/$/, "")}/`);
  const [mount] = volumeMounts.filter(holds).sort((left, right) => right.mountPath.length - left.mountPath.length);
  const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name);
  const isFolder = mount?.subPath === undefined && mount?.subPathExpr === undefined;
  return volume?.emptyDir !== undefined && isFolder && mount?.readOnly !== true ? mount : undefined;
}

async function messageFile(pod: Pod, spec: PodContainer, folders: PodFolders, longest: number): Promise<string> {
  const mount = messageMount(pod, spec);
  const place = mount && placeOf(pod, mount, folders);
  if (mount === undefined || place === undefined) return "";
  const path = join(place.folder, (spec.terminationMessagePath ?? "").slice(mount.mountPath.length));
  // The container wrote the folder: a link in it may lead anywhere.
  const root = await realpath(place.folder).catch(() => undefined);
  const folder = await realpath(dirname(path)).catch(() => undefined);
  if (root === undefined || (folder !== root && !folder?.startsWith(root + sep))) return "";
  return (await readEnd(path, longest)) ?? "";
}

/** At most so many bytes from the end of a regular file that is not a link. */
async function readEnd(path: string, bytes: number): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    const length = Math.min(bytes, stat.size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, stat.size - length);
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    // A container that left no words is the rule.
    return undefined;
  } finally {
    await file?.close();
  }
}

/** The last lines of a log in CRI's format, without its prefixes. */
function logTail(text: string): string {
  const lines = text.split("\n").flatMap((line) => {
    const [, tag, content] = /^\S+ (?:stdout|stderr) ([FP]) ?(.*)$/.exec(line) ?? [];
    return content === undefined ? [] : [`${content}${tag === "F" ? "\n" : ""}`];
  });
  return lines.slice(-mostLines).join("").slice(-longestTail);
}
