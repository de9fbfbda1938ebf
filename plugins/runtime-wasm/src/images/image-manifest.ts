import type { JsonObject, JsonValue } from "@skerry/contracts";

/** Where content is, by its digest: `application/vnd.oci.descriptor.v1+json`. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One image, or several of which one is for this runtime. */
export type Manifest =
  | { readonly type: "image"; readonly config: Descriptor; readonly layers: readonly Descriptor[] }
  | { readonly type: "index"; readonly manifest: Descriptor };

/** What the registry is asked for, OCI's and Docker's. */
export const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

const mostLayers = 128;

/** Reads a manifest or an index (OCI image-spec 1.1); text says what is wrong with it. */
export function parseManifest(value: JsonValue): Manifest | string {
  if (!isObject(value)) return "its manifest is not a JSON object";
  if (Array.isArray(value["manifests"])) return chosen(value["manifests"]);
  const config = descriptor(value["config"]);
  if (config === undefined || !Array.isArray(value["layers"])) return "its manifest names no config and layers";
  const layers = value["layers"].map(descriptor);
  if (layers.length === 0 || layers.length > mostLayers)
    return `expected 1 to ${mostLayers} layers, found ${layers.length}`;
  const good = layers.filter((layer) => layer !== undefined);
  if (good.length < layers.length) return "a layer of its manifest has no media type, digest and size";
  return { type: "image", config, layers: good };
}

/** WebAssembly's architecture is `wasm`; its operating systems are written in several ways. */
function chosen(manifests: readonly JsonValue[]): Manifest | string {
  const fits = (entry: JsonValue) =>
    isObject(entry) && isObject(entry["platform"]) && entry["platform"]["architecture"] === "wasm";
  const found = manifests.find(fits) ?? (manifests.length === 1 ? manifests[0] : undefined);
  const manifest = descriptor(found);
  if (manifest !== undefined) return { type: "index", manifest };
  const platforms = manifests.map((entry) => {
    const { os, architecture } = (
      isObject(entry) && isObject(entry["platform"]) ? entry["platform"] : {}
    ) as JsonObject;
    return `${String(os)}/${String(architecture)}`;
  });
  return `it is for ${platforms.slice(0, 8).join(", ")}; expected one for wasip1/wasm`;
}

function descriptor(value: JsonValue | undefined): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const { mediaType, digest, size, annotations } = value;
  if (typeof mediaType !== "string" || typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest))
    return undefined;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
  const texts = Object.entries(isObject(annotations) ? annotations : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { mediaType, digest, size, annotations: Object.fromEntries(texts) };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
