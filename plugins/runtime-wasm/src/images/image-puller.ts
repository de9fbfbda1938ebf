import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type ImageCredentials, type JsonValue, runtimeErrors } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { emptyImageConfig, type ImageConfig, parseImageConfig } from "./image-config.ts";
import { type Descriptor, type Manifest, parseManifest } from "./image-manifest.ts";
import type { ImageReference } from "./image-reference.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";
import { imageLimits } from "./limits.ts";
import { RegistryClient } from "./registry/registry-client.ts";
import { UnpackBudget, unpackLayer } from "./unpack.ts";

export interface PullOptions {
  /** For the errors. */
  readonly runtime: string;
  /** Certificate authorities of the registry beside the system's, PEM. */
  readonly ca?: string | undefined;
  readonly credentials?: ImageCredentials | undefined;
  readonly signal: AbortSignal;
}

/** Where the module of an artifact that is one module is put. */
const moduleName = "module.wasm";

/** Fetches an image into the store; every digest is checked. An image that is there already is only named. */
export class ImagePull {
  readonly #image: ImageReference;
  readonly #store: ImageStore;
  readonly #options: PullOptions;
  readonly #registry: RegistryClient;

  constructor(image: ImageReference, store: ImageStore, options: PullOptions) {
    this.#image = image;
    this.#store = store;
    this.#options = options;
    this.#registry = new RegistryClient(image, options);
  }

  async run(): Promise<StoredImage> {
    let { manifest, digest } = await this.#manifest(this.#image.version, this.#image.digest);
    if (manifest.type === "index") {
      digest = manifest.manifest.digest;
      ({ manifest } = await this.#manifest(digest, digest));
    }
    if (manifest.type === "index") throw this.#bad("its index names an index");
    if (this.#store.get(digest) !== undefined) return this.#store.name(digest, this.#image.canonical);
    return this.#fetch(manifest, digest);
  }

  async #manifest(version: string, expected: string | undefined): Promise<{ manifest: Manifest; digest: string }> {
    const bytes = await this.#registry.manifest(version);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (expected !== undefined && digest !== expected) throw this.#bad(`its manifest is ${digest}, not ${expected}`);
    const manifest = parseManifest(this.#json(bytes, "manifest"));
    if (typeof manifest === "string") throw this.#bad(manifest);
    return { manifest, digest };
  }

  async #fetch(manifest: Manifest & { readonly type: "image" }, digest: string): Promise<StoredImage> {
    const folder = await this.#store.begin(digest.replace("sha256:", ""));
    try {
      const root = join(folder, "root");
      const budget = new UnpackBudget();
      for (const layer of manifest.layers) await this.#layer(layer, root, budget);
      const config = await this.#config(manifest);
      const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
      return await this.#store.commit(folder, { id: digest, bytes, config }, this.#image.canonical);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #config({ config, layers }: Manifest & { readonly type: "image" }): Promise<ImageConfig> {
    if (layers.some(isModule)) return { ...emptyImageConfig, entrypoint: [`/${moduleName}`] };
    if (config.size > imageLimits.documentBytes) throw this.#bad("its configuration is too long");
    const chunks: Buffer[] = [];
    await this.#content(config, async (source) => {
      for await (const chunk of source) chunks.push(chunk);
    });
    return parseImageConfig(this.#json(Buffer.concat(chunks), "configuration"));
  }

  async #layer(layer: Descriptor, root: string, budget: UnpackBudget): Promise<void> {
    if (layer.size > imageLimits.layerBytes)
      throw this.#bad(`a layer has ${layer.size} bytes; ${imageLimits.layerBytes} at most`);
    if (isModule(layer)) {
      budget.spend(layer);
      return this.#content(layer, (source) =>
        pipeline(source, createWriteStream(join(root, moduleName), { flags: "wx" })),
      );
    }
    if (!/\.tar(\+gzip|\.gzip)?$/.test(layer.mediaType)) throw this.#bad(`a layer is ${layer.mediaType}`);
    const isCompressed = layer.mediaType.endsWith("gzip");
    return this.#content(layer, async (source) => {
      if (!isCompressed) return unpackLayer(source, root, budget);
      const unpacked = createGunzip();
      const unpacking = unpackLayer(unpacked, root, budget);
      unpacking.catch((error: unknown) => unpacked.destroy(error as Error));
      await Promise.all([pipeline(source, unpacked), unpacking]);
    });
  }

  /** Hands content to `use`, and refuses it afterwards if it was not what its descriptor says. */
  async #content(descriptor: Descriptor, use: (source: AsyncIterable<Buffer>) => Promise<void>): Promise<void> {
    const answer = await this.#registry.blob(descriptor.digest);
    const hash = createHash("sha256");
    let bytes = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > descriptor.size)
          throw new Error(`it is longer than the ${descriptor.size} bytes its manifest says`);
        hash.update(chunk);
        yield chunk;
      }
    }
    try {
      const source = counted();
      await use(source);
      // What was not used counts for the digest as well.
      for await (const _ of source);
    } catch (error) {
      throw this.#failed(error);
    } finally {
      answer.destroy();
    }
    const digest = `sha256:${hash.digest("hex")}`;
    if (digest !== descriptor.digest) throw this.#bad(`content is ${digest}, not ${descriptor.digest}`);
  }

  #failed(error: unknown): unknown {
    const code = errorCode(error);
    const { canonical: image } = this.#image;
    const details = { image, problem: errorMessage(error) };
    if (code === "ECONNRESET" || code === "ABORT_ERR" || code === "ENOSPC" || code === "ETIMEDOUT") {
      return runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", details, error);
    }
    return this.#bad(errorMessage(error));
  }

  #json(bytes: Buffer, what: string): JsonValue {
    try {
      return JSON.parse(bytes.toString("utf8")) as JsonValue;
    } catch (error) {
      throw this.#bad(`its ${what} is not JSON: ${errorMessage(error)}`);
    }
  }

  #bad(problem: string) {
    const { runtime } = this.#options;
    return runtimeErrors.create("SKERRY_RUNTIME_BAD_IMAGE", { image: this.#image.canonical, runtime, problem });
  }
}

/** A layer that is a module as it is: OCI's artifacts and what came before them. */
function isModule({ mediaType }: Descriptor): boolean {
  return /^application\/(wasm|vnd\.(module\.)?wasm\.content\.layer\.v1\+wasm)$/.test(mediaType);
}
