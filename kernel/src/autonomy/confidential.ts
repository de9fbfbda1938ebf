import { isSealed, type KubeObject, type ObjectRef, refKey, refOf, type Sealer } from "@skerry/contracts";

/** An object as it lies on the node's disk: JSON, sealed when it is confidential. */
export function toStored(object: KubeObject, sealer: Sealer): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  const ref = refOf(object);
  return isConfidential(ref) ? sealer.seal(bytes, contextOf(refKey(ref))) : bytes;
}

export interface Stored {
  readonly object: KubeObject;
  /** It is confidential, and lies there for everybody to read: it has to be written anew. */
  readonly isBare: boolean;
}

/** Throws what the sealer throws, and for what is no object. */
export function fromStored(key: string, value: Uint8Array, sealer: Sealer): Stored {
  const wasSealed = isSealed(value);
  const bytes = wasSealed ? sealer.open(value, contextOf(key)) : value;
  const object = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as KubeObject;
  if (typeof object?.metadata?.name !== "string" || typeof object.apiVersion !== "string") throw new Error("no object");
  return { object, isBare: !wasSealed && isConfidential(refOf(object)) };
}

function isConfidential({ group, kind }: ObjectRef): boolean {
  return group === "" && kind === "Secret";
}

/** An object cannot be opened in the place of another. */
function contextOf(key: string): string {
  return `replica ${key}`;
}
