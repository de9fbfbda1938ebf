import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import type { Clock } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeSealer, RecordingLogger, SeededRandom } from "@skerry/testing";
import * as esbuild from "esbuild";
import { WasmRuntime } from "../src/index.ts";
import type { WasmSettings } from "../src/settings.ts";
import { ProgramFolder } from "./wasi-programs.ts";

let bundled: Promise<Uint8Array> | undefined;

/** The program of a container's thread, bundled once a test file. */
function bundleWorker(): Promise<Uint8Array> {
  bundled ??= (async () => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [new URL("../src/worker.ts", import.meta.url).pathname],
      write: false,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
    });
    return outputFiles[0]?.contents ?? new Uint8Array();
  })();
  return bundled;
}

/** Threads take real time, and so do those who wait for them. */
const realTime: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms).unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  sleep: (ms, signal) => setTimeoutPromise(ms, undefined, signal && { signal }),
};

const defaults: WasmSettings = { containers: 16, memoryBytes: 4_194_304, moduleBytes: 65_536, logBytes: 65_536 };

/** A node's disk and folders with one runtime after the other on them. */
export class WasmNode {
  readonly logger = new RecordingLogger();
  readonly disk = new MemoryDisk();
  readonly home: string;
  readonly modules: ProgramFolder;
  readonly #settings: WasmSettings;
  #boots = 0;
  #runtime: WasmRuntime | undefined;

  private constructor(home: string, modules: ProgramFolder, settings: WasmSettings) {
    this.home = home;
    this.modules = modules;
    this.#settings = settings;
  }

  static async create(settings: Partial<WasmSettings> = {}): Promise<WasmNode> {
    const home = await mkdtemp(join(tmpdir(), "skerry-wasm-"));
    await mkdir(join(home, "programs"));
    await writeFile(join(home, "programs/runtime-wasm-worker.cjs"), await bundleWorker());
    return new WasmNode(home, await ProgramFolder.create(), { ...defaults, ...settings });
  }

  get programs(): string {
    return join(this.home, "programs");
  }

  /** A runtime on this disk. */
  async boot(programs = this.programs): Promise<WasmRuntime> {
    this.#boots += 1;
    const node = {
      name: "test",
      profile: "test",
      home: this.home,
      programs,
      version: "0.0.0-test",
    };
    const storage = new MemoryStorage(this.disk);
    const random = new SeededRandom(this.#boots);
    this.#runtime = new WasmRuntime(storage, new FakeSealer(), realTime, random, this.logger, node, this.#settings);
    await this.#runtime.start();
    return this.#runtime;
  }

  /** Lets real time pass. */
  async elapse(ms: number): Promise<void> {
    await realTime.sleep(ms);
  }

  /** The runtime ends: in order, or with the power, after which nothing that ended could be written. */
  async restart(how: "stopped" | "killed"): Promise<WasmRuntime> {
    if (how === "killed") this.disk.crash();
    await this.#runtime?.stop();
    return this.boot();
  }

  async remove(): Promise<void> {
    await this.#runtime?.stop();
    await rm(this.home, { recursive: true, force: true });
    await rm(this.modules.path, { recursive: true, force: true });
  }
}
