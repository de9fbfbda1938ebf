import { type KubeObject, type ObjectRef, type Replica, refKey } from "@skerry/contracts";

/** The content of a ConfigMap or Secret, by key. */
export interface Data {
  /** What variables are made of. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
  /** What files are made of. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Objects of the replica do not change, they are replaced: what was decoded once stays so. */
const decoded = new WeakMap<KubeObject, Data>();

/** The objects of the replica that a Pod names. It remembers for which ones it was asked. */
export class PodObjects {
  readonly #asked = new Set<string>();

  constructor(
    private readonly replica: Replica,
    private readonly namespace: string,
  ) {}

  configMap(name: string): Data | undefined {
    return this.#data("ConfigMap", name);
  }

  secret(name: string): Data | undefined {
    return this.#data("Secret", name);
  }

  /** The handler of a RuntimeClass. */
  handler(name: string): string | undefined {
    const handler = this.#get({ group: "node.k8s.io", kind: "RuntimeClass", name })?.["handler"];
    return typeof handler === "string" ? handler : undefined;
  }

  wasAskedFor(ref: ObjectRef): boolean {
    return this.#asked.has(refKey(ref));
  }

  #data(kind: string, name: string): Data | undefined {
    const found = this.#get({ group: "", kind, namespace: this.namespace, name });
    if (found === undefined) return undefined;
    const known = decoded.get(found);
    if (known !== undefined) return known;
    const texts = new Map(bytesOf(found["data"], kind === "Secret" ? "base64" : "utf8"));
    const data = { texts, files: new Map([...texts, ...bytesOf(found["binaryData"], "base64")]) };
    decoded.set(found, data);
    return data;
  }

  #get(ref: ObjectRef): KubeObject | undefined {
    this.#asked.add(refKey(ref));
    return this.replica.get(ref);
  }
}

function bytesOf(value: unknown, encoding: "utf8" | "base64"): readonly (readonly [string, Uint8Array])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, text]) => [key, Buffer.from(String(text), encoding)]);
}
