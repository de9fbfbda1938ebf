import { access } from "node:fs/promises";
import { resolve } from "node:path";
import {
  Clock,
  type Container,
  type ContainerConfig,
  Logger,
  NodeInfo,
  Random,
  type RuntimeChange,
  type RuntimeInfo,
  type Sandbox,
  type SandboxConfig,
  Sealer,
  Storage,
  type WorkloadRuntime,
} from "@skerry/contracts";
import { errorCode, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { type Prepared, prepare } from "../container/prepare.ts";
import { errors } from "../errors.ts";
import { WasmImages } from "../images/image-service.ts";
import { WasmSettings } from "../settings.ts";
import { startError } from "../worker-protocol.ts";
import { RuntimeRecords } from "./records.ts";
import { badContainer, full, noExec, noSuch, runtimeName, stopped, wrongState } from "./refusals.ts";
import { makeLogFolder, RunningContainers } from "./running-containers.ts";
import { RuntimeState } from "./runtime-state.ts";
import { Serial } from "./serial.ts";
import { Watchers } from "./watchers.ts";

/** How long programs may take to end when the node stops. */
const stopGraceMs = 1_000;

/**
 * Runs WebAssembly modules as containers, a thread each. A sandbox is a record. A container is on disk as running
 * before its program begins, so that one that a power cut ended is known to have run.
 */
export class WasmRuntime implements WorkloadRuntime, Startable, Stoppable {
  readonly info: RuntimeInfo;
  readonly images: WasmImages;
  readonly #storage: Storage;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;
  readonly #settings: WasmSettings;
  readonly #program: string;
  readonly #running: RunningContainers;
  readonly #watchers: Watchers;
  /** Verbs of one container, one after the other; asking it to end and waiting for that is not among them. */
  readonly #serial = new Serial();
  readonly #starting = new Set<string>();
  #state: RuntimeState | undefined;
  #isUp = false;

  constructor(
    @inject(Storage) storage: Storage,
    @inject(Sealer) sealer: Sealer,
    @inject(Clock) clock: Clock,
    @inject(Random) random: Random,
    @inject(Logger) logger: Logger,
    @inject(NodeInfo) { version, home, programs }: NodeInfo,
    @inject(WasmSettings) settings: WasmSettings,
  ) {
    this.info = { name: runtimeName, version, handlers: ["wasm"], isConfined: true };
    const { registryCa } = settings;
    const caFile = registryCa === undefined ? undefined : resolve(home, registryCa);
    this.images = new WasmImages({ runtime: runtimeName, folder: resolve(home, "runtime-wasm/images"), caFile });
    this.#program = resolve(programs, "runtime-wasm-worker.cjs");
    this.#storage = storage;
    this.#sealer = sealer;
    this.#clock = clock;
    this.#random = random;
    this.#logger = logger;
    this.#settings = settings;
    this.#watchers = new Watchers(logger);
    this.#running = new RunningContainers({
      program: this.#program,
      clock,
      exited: async (id, exit) => this.#state?.end(id, clock.now(), exit),
    });
  }

  async start(): Promise<void> {
    await this.#checkProgram();
    const records = new RuntimeRecords(await this.#storage.open("runtime-wasm"), this.#sealer, this.#logger);
    const changed = (change: RuntimeChange) => this.#watchers.tell(change);
    const state = new RuntimeState({ records, logger: this.#logger, changed });
    await state.load(this.#clock.now());
    await this.images.start();
    this.#state = state;
    this.#isUp = true;
  }

  async stop(): Promise<void> {
    this.#isUp = false;
    this.#watchers.clear();
    await this.images.stop();
    await this.#serial.allIdle();
    await this.#running.stopAll(stopGraceMs);
  }

  async runSandbox(config: SandboxConfig): Promise<string> {
    const id = this.#random.uuid();
    const createdAt = this.#clock.now();
    await this.#up().putSandbox({ id, config: structuredClone(config), state: "ready", createdAt, ips: [] });
    return id;
  }

  async stopSandbox(id: string): Promise<void> {
    await this.#stopSandbox(id);
  }

  async removeSandbox(id: string): Promise<void> {
    await this.#stopSandbox(id);
    await this.#serial.run(id, async () => {
      const state = this.#up();
      if (state.sandbox(id) !== undefined) await state.deleteSandbox(id);
    });
  }

  async sandboxes(): Promise<readonly Sandbox[]> {
    return this.#up().sandboxes();
  }

  async createContainer(sandboxId: string, config: ContainerConfig): Promise<string> {
    await this.#prepare(this.#readySandbox(sandboxId), config);
    return this.#serial.run(sandboxId, async () => {
      const state = this.#up();
      const { id: sandbox } = this.#readySandbox(sandboxId);
      const id = this.#random.uuid();
      const createdAt = this.#clock.now();
      await state.putContainer({ id, sandbox, config: structuredClone(config), state: "created", createdAt });
      return id;
    });
  }

  async startContainer(id: string): Promise<void> {
    await this.#serial.run(id, async () => {
      const container = this.#up().container(id);
      if (container === undefined) throw noSuch("container", id);
      if (container.state !== "created") throw wrongState("container", id, container.state, "created");
      const { containers: limit } = this.#settings;
      if (new Set([...this.#running.ids(), ...this.#starting]).size >= limit) throw full(limit);
      this.#starting.add(id);
      try {
        await this.#start(container);
      } finally {
        this.#starting.delete(id);
      }
    });
  }

  async stopContainer(id: string, graceMs: number): Promise<void> {
    this.#up();
    await this.#serial.idle(id);
    await this.#running.stop(id, graceMs);
  }

  async removeContainer(id: string): Promise<void> {
    this.#up();
    await this.#serial.run(id, async () => {
      await this.#running.stop(id, 0);
      const state = this.#up();
      const container = state.container(id);
      if (container !== undefined) await state.deleteContainer(container);
    });
  }

  /** A container is one program on one thread. */
  async runInContainer(): Promise<never> {
    throw noExec();
  }

  async containers(): Promise<readonly Container[]> {
    return this.#up().containers();
  }

  watch(changed: (change: RuntimeChange) => void): Disposable {
    return this.#watchers.add(changed);
  }

  async #checkProgram(): Promise<void> {
    try {
      await access(this.#program);
    } catch (error) {
      throw errors.create("SKERRY_RUNTIME_WASM_NO_PROGRAM", { file: this.#program }, error);
    }
  }

  #up(): RuntimeState {
    if (this.#state === undefined || !this.#isUp) throw stopped();
    return this.#state;
  }

  #readySandbox(id: string): Sandbox {
    const sandbox = this.#up().sandbox(id);
    if (sandbox === undefined) throw noSuch("sandbox", id);
    if (sandbox.state !== "ready") throw wrongState("sandbox", id, sandbox.state, "ready");
    return sandbox;
  }

  async #prepare(sandbox: Sandbox, config: ContainerConfig): Promise<Prepared> {
    const image = this.images.content(config.imageId);
    const prepared = await prepare({ sandbox: sandbox.config, config, image, limits: this.#settings });
    if (typeof prepared === "string") throw badContainer(config.name, prepared);
    return prepared;
  }

  /** The module is read again: memory holds none of a container that waits, and a restart may lie in between. */
  async #start(container: Container): Promise<void> {
    const { id, config, sandbox } = container;
    const prepared = await this.#prepare(this.#readySandbox(sandbox), config).catch(async (error: unknown) => {
      if (errorCode(error) === "SKERRY_RUNTIME_BAD_CONTAINER") {
        await this.#state?.end(id, this.#clock.now(), startError(errorMessage(error)));
      }
      throw error;
    });
    await makeLogFolder(prepared.log.path, config.name);
    await this.#up().putContainer({ ...container, state: "running", startedAt: this.#clock.now() });
    const failure = await this.#running.start(id, prepared);
    if (failure !== undefined) throw badContainer(config.name, failure.message ?? "its thread did not start");
  }

  async #stopSandbox(id: string): Promise<void> {
    this.#up();
    await this.#serial.run(id, async () => {
      const state = this.#up();
      const sandbox = state.sandbox(id);
      if (sandbox?.state === "ready") await state.putSandbox({ ...sandbox, state: "notReady" });
    });
    // From here on nothing is made or started in it.
    const containers = this.#up().containersOf(id);
    await Promise.all(containers.map((each) => this.#serial.run(each.id, () => this.#running.stop(each.id, 0))));
  }
}
