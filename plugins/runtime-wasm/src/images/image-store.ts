import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Image } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import type { ImageConfig } from "./image-config.ts";

/** An image on this node: its files, and how it is run. */
export interface StoredImage extends Image {
  readonly config: ImageConfig;
  /** Folder of its files. */
  readonly root: string;
}

type Record = Omit<StoredImage, "root">;

/**
 * The images of this node, a folder each: `<digest>/image.json` and `<digest>/root`. A folder appears whole or not at
 * all: what a lost power cut short is in a temporary folder and goes at the next start.
 */
export class ImageStore {
  readonly #folder: string;
  readonly #images = new Map<string, StoredImage>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const folder = join(this.#folder, name);
      const record = name.startsWith("tmp-") ? undefined : await readRecord(folder);
      if (record === undefined) await rm(folder, { recursive: true, force: true });
      else this.#images.set(record.id, { ...record, root: join(folder, "root") });
    }
  }

  list(): readonly StoredImage[] {
    return [...this.#images.values()];
  }

  get(id: string): StoredImage | undefined {
    return this.#images.get(id);
  }

  find(canonical: string): StoredImage | undefined {
    return this.list().find(({ names }) => names.includes(canonical));
  }

  /** An empty folder to unpack into, on the same file system. */
  async begin(unique: string): Promise<string> {
    const folder = join(this.#folder, `tmp-${unique}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "root"), { recursive: true });
    return folder;
  }

  /** Takes over what was unpacked, and the name from the image that had it. */
  async commit(folder: string, image: Omit<Record, "names">, canonical: string): Promise<StoredImage> {
    const present = this.#images.get(image.id);
    if (present === undefined) {
      await writeRecord(folder, { ...image, names: [] });
      await rename(folder, this.#folderOf(image.id));
      this.#images.set(image.id, { ...image, names: [], root: join(this.#folderOf(image.id), "root") });
    } else await rm(folder, { recursive: true, force: true });
    return this.name(image.id, canonical);
  }

  /** Lets a name stand for this image and no other. */
  async name(id: string, canonical: string): Promise<StoredImage> {
    for (const other of this.list()) {
      const isIt = other.id === id;
      if (other.names.includes(canonical) === isIt) continue;
      const names = isIt ? [...other.names, canonical] : other.names.filter((name) => name !== canonical);
      await this.#write({ ...other, names });
    }
    return this.#images.get(id) as StoredImage;
  }

  async remove(id: string): Promise<void> {
    if (!this.#images.delete(id)) return;
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  async #write(image: StoredImage): Promise<void> {
    const { root: _, ...record } = image;
    await writeRecord(this.#folderOf(image.id), record);
    this.#images.set(image.id, image);
  }

  #folderOf(id: string): string {
    return join(this.#folder, id.replace("sha256:", ""));
  }
}

async function writeRecord(folder: string, record: Record): Promise<void> {
  const file = join(folder, "image.json");
  await writeFile(`${file}.new`, JSON.stringify(record), { flush: true });
  await rename(`${file}.new`, file);
}

/** `undefined` for what is no image's folder. */
async function readRecord(folder: string): Promise<Record | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "image.json"), "utf8")) as Record;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR" || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}
