import type { KubeObject, Replica } from "@skerry/contracts";

/** The bytes of a ConfigMap or Secret, by key. */
export type Data = ReadonlyMap<string, Uint8Array>;

/** ConfigMaps and Secrets of the replica, and the names of those that are missing. */
export class PodObjects {
  constructor(
    private readonly replica: Replica,
    private readonly namespace: string,
  ) {}

  configMap(name: string): Data | undefined {
    const found = this.#get("ConfigMap", name);
    if (found === undefined) return undefined;
    return new Map([...texts(found["data"], "utf8"), ...texts(found["binaryData"], "base64")]);
  }

  secret(name: string): Data | undefined {
    const found = this.#get("Secret", name);
    return found === undefined ? undefined : new Map(texts(found["data"], "base64"));
  }

  #get(kind: string, name: string): KubeObject | undefined {
    return this.replica.get({ group: "", kind, namespace: this.namespace, name });
  }
}

function texts(value: unknown, encoding: "utf8" | "base64"): readonly (readonly [string, Uint8Array])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, text]) => [key, Buffer.from(String(text), encoding)]);
}
