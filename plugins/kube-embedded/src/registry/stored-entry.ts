import type { Write } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import type { Change } from "../watch/change.ts";
import type { ApiObject } from "./api-object.ts";

/** The entry that holds the newest resourceVersion, in decimal. */
export const versionEntry = "version";
const objects = "object/";

/** Where an object of a kind is stored: `object/<group>/<plural>/<namespace>/<name>`. */
export function entryKey(storage: string, key: string): string {
  return `${objects}${storage}/${key}`;
}

export function encodeObject(object: ApiObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(object));
}

export function encodeVersion(version: number): Uint8Array {
  return new TextEncoder().encode(String(version));
}

export function writeOf(change: Change, value: Uint8Array): Write {
  const key = entryKey(change.storage, change.key);
  return change.type === "DELETED" ? { type: "delete", key } : { type: "put", key, value };
}

export interface StoredObject {
  readonly storage: string;
  readonly key: string;
  readonly object: ApiObject;
}

/** Reads an object's entry back; an entry that is not one is `SKERRY_KUBE_EMBEDDED_CORRUPT`. */
export function decodeEntry(key: string, value: Uint8Array): StoredObject {
  const [, group, plural, namespace, name] = /^object\/([^/]*)\/([^/]+)\/([^/]*)\/([^/]+)$/.exec(key) ?? [];
  if (name === undefined) throw corrupt(key, "its key is not object/<group>/<plural>/<namespace>/<name>");
  let object: ApiObject;
  try {
    object = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value)) as ApiObject;
  } catch (cause) {
    throw corrupt(key, errorMessage(cause), cause);
  }
  if (object?.metadata?.name !== name || (object.metadata.namespace ?? "") !== namespace) {
    throw corrupt(key, "it holds an object of another name");
  }
  return { storage: `${group}/${plural}`, key: `${namespace}/${name}`, object };
}

export function decodeVersion(value: Uint8Array | undefined): number {
  if (value === undefined) return 0;
  const version = Number(new TextDecoder().decode(value));
  if (!Number.isSafeInteger(version) || version < 0) throw corrupt(versionEntry, "it is not a whole number");
  return version;
}

function corrupt(key: string, problem: string, cause?: unknown) {
  return errors.create("SKERRY_KUBE_EMBEDDED_CORRUPT", { key, problem }, cause);
}
