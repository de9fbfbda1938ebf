import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseMapperManifest } from "@skerry/mapper";
import { errorCode, errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { maximumModuleBytes } from "../meter/meter-module.ts";
import { type CompiledMapper, compileMapper } from "../runner/compiled-mapper.ts";
import type { GuestLimits } from "../runner/limits.ts";

const maximumManifestBytes = 64 * 1024;
const mapperName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

interface Loaded {
  readonly stamp: string;
  readonly mapper: Promise<CompiledMapper>;
}

/** The mappers installed on this node. A mapper is compiled once, and again when its files have changed. */
export class MapperStore {
  readonly directory: string;
  readonly #limits: GuestLimits;
  readonly #loaded = new Map<string, Loaded>();

  constructor(directory: string, limits: GuestLimits) {
    this.directory = directory;
    this.#limits = limits;
  }

  /** Throws `SKERRY_MAPPERS_UNKNOWN`, `SKERRY_MAPPERS_BAD_FILE` and what `compileMapper` throws. */
  async load(name: string): Promise<CompiledMapper> {
    // The name comes from a DeviceModel: it must not lead out of the directory.
    if (!mapperName.test(name)) throw this.#unknown(name);
    const files = {
      manifest: join(this.directory, name, "mapper.json"),
      module: join(this.directory, name, `${name}.wasm`),
    };
    const stamp = `${await this.#stamp(name, files.manifest, maximumManifestBytes)} ${await this.#stamp(name, files.module, maximumModuleBytes)}`;
    const known = this.#loaded.get(name);
    if (known?.stamp === stamp) return known.mapper;
    const mapper = this.#compile(name, files);
    this.#loaded.set(name, { stamp, mapper });
    return mapper;
  }

  async #compile(name: string, files: { readonly manifest: string; readonly module: string }): Promise<CompiledMapper> {
    const [manifest, wasm] = await Promise.all([readFile(files.manifest, "utf8"), readFile(files.module)]).catch(
      (cause: unknown) => {
        throw errors.create("SKERRY_MAPPERS_BAD_FILE", { file: files.module, problem: errorMessage(cause) }, cause);
      },
    );
    return compileMapper(parseMapperManifest(manifest, name), wasm, this.#limits);
  }

  async #stamp(name: string, file: string, maximumBytes: number): Promise<string> {
    try {
      const { size, mtimeMs, ino } = await stat(file);
      if (size <= maximumBytes) return `${ino} ${size} ${mtimeMs}`;
      throw errors.create("SKERRY_MAPPERS_BAD_FILE", { file, problem: `${size} bytes, over ${maximumBytes}` });
    } catch (cause) {
      if (errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR") throw this.#unknown(name, cause);
      throw cause;
    }
  }

  #unknown(mapper: string, cause?: unknown) {
    return errors.create("SKERRY_MAPPERS_UNKNOWN", { mapper: mapper.slice(0, 80), directory: this.directory }, cause);
  }
}
