import { readFile } from "node:fs/promises";
import { type Image, type ImageCredentials, type ImageService, runtimeErrors } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { emptyImageConfig, type ImageConfig } from "./image-config.ts";
import { ImagePull } from "./image-puller.ts";
import { type ImageReference, parseImageReference } from "./image-reference.ts";
import { ImageStore, type StoredImage } from "./image-store.ts";

/** What a container takes of its image. */
export interface ImageContent {
  readonly config: ImageConfig;
  /** Folder of its files; absent for the empty image. */
  readonly root?: string;
}

export interface WasmImagesOptions {
  /** Name of the runtime, for errors. */
  readonly runtime: string;
  /** Absolute path. */
  readonly folder: string;
  /** PEM file of certificate authorities of registries beside the system's, absolute path. */
  readonly caFile?: string | undefined;
}

/** The image without files, always there: its id is the digest of nothing. */
const scratch: Image = {
  id: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  names: ["scratch"],
  bytes: 0,
};

/** The images of runtime-wasm: `scratch`, and WebAssembly images of OCI registries. */
export class WasmImages implements ImageService {
  readonly #store: ImageStore;
  readonly #options: WasmImagesOptions;
  readonly #stopping = new AbortController();
  readonly #pulls = new Map<string, Promise<StoredImage>>();

  #ca: string | undefined;

  constructor(options: WasmImagesOptions) {
    this.#options = options;
    this.#store = new ImageStore(options.folder);
  }

  async start(): Promise<void> {
    const { caFile } = this.#options;
    if (caFile !== undefined) this.#ca = await readCa(caFile);
    await this.#store.open();
  }

  /** Calls off what is being pulled. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#pulls.values());
  }

  async status(image: string): Promise<Image | undefined> {
    if (image === "scratch") return scratch;
    const found = this.#store.find(this.#parse(image).canonical);
    return found && describe(found);
  }

  async pull(image: string, credentials?: ImageCredentials): Promise<Image> {
    if (image === "scratch") return scratch;
    const reference = this.#parse(image);
    // Pulls of one image share a folder: one at a time.
    for (let other = this.#pulls.get(reference.canonical); other; other = this.#pulls.get(reference.canonical)) {
      await Promise.allSettled([other]);
    }
    const { signal } = this.#stopping;
    const { runtime } = this.#options;
    const pull = new ImagePull(reference, this.#store, { runtime, ca: this.#ca, credentials, signal }).run();
    this.#pulls.set(reference.canonical, pull);
    try {
      return describe(await pull);
    } finally {
      this.#pulls.delete(reference.canonical);
    }
  }

  async list(): Promise<readonly Image[]> {
    return [scratch, ...this.#store.list().map(describe)];
  }

  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
  }

  /** What the image with this id brings, if it is on this node. */
  content(id: string): ImageContent | undefined {
    return id === scratch.id ? { config: emptyImageConfig } : this.#store.get(id);
  }

  #parse(image: string): ImageReference {
    const reference = parseImageReference(image);
    if (typeof reference !== "string") return reference;
    throw runtimeErrors.create("SKERRY_RUNTIME_BAD_IMAGE_NAME", { image, problem: reference });
  }
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw errors.create("SKERRY_RUNTIME_WASM_BAD_CA", { file, problem: errorMessage(error) }, error);
  }
}

function describe({ id, names, bytes }: StoredImage): Image {
  return { id, names, bytes };
}
