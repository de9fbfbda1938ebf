import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, ContainerConfig, RuntimeChange, SandboxConfig, WorkloadRuntime } from "@skerry/contracts";
import { errorCode, type Stoppable } from "@skerry/plugin";
import { expect, onTestFinished, vi } from "vitest";

/** What a program is meant to do. The implementation under test brings one that does it. */
export type ProgramIntent =
  | { readonly does: "exits"; readonly code: number }
  /** Until it is asked to end; then it ends with 143. */
  | { readonly does: "sleeps" }
  /** Takes its core, and does not listen to anybody. */
  | { readonly does: "loops" }
  /** Allocates and touches memory without end. */
  | { readonly does: "eats memory" }
  /** Each argument after its name as a line on stdout; each variable of its environment as `NAME=value` on stderr. */
  | { readonly does: "prints"; readonly lines: readonly string[] }
  /** Prints the file on stdout and exits with 0, or with 1 when it cannot. */
  | { readonly does: "reads"; readonly path: string }
  /** Makes or replaces the file and exits with 0, or with 1 when it cannot. */
  | { readonly does: "writes"; readonly path: string; readonly text: string }
  /** No program at all: the command names a file that does not exist. */
  | { readonly does: "not exist" };

/** How the implementation runs it; the mounts are those the program itself needs. */
export type Program = Pick<ContainerConfig, "image" | "command" | "args" | "mounts">;

export interface WorkloadRuntimeUnderTest {
  /** Started, with no sandboxes. */
  readonly runtime: WorkloadRuntime & Stoppable;
  /** A RuntimeClass handler that it answers for. */
  readonly handler: string;
  readonly program: (intent: ProgramIntent) => Promise<Program> | Program;
  /** Lets at least this many milliseconds pass on the runtime's clock. */
  readonly elapse: (ms: number) => Promise<void>;
  /** The node restarts, in order or because the power went; resolves with the runtime that is up afterwards. */
  readonly restart: (how: "stopped" | "killed") => Promise<WorkloadRuntime & Stoppable>;
  /** The content of a log file; default: of the file on this machine. */
  readonly readLog?: (path: string) => Promise<string | undefined>;
}

export interface WorkloadRuntimeContractOptions {
  readonly name: string;
  /** From the manifest. */
  readonly supports: {
    /** Containers go on while the node restarts. */
    readonly outlivesRestart: boolean;
    /** `createContainer` refuses a program that cannot be run; else it is seen at its start. */
    readonly checksProgram: boolean;
    readonly limitsMemory: boolean;
    /** `runInContainer` runs a second program; else it is refused. */
    readonly runsInContainer: boolean;
  };
  readonly open: () => Promise<WorkloadRuntimeUnderTest>;
}

export interface LogEntry {
  readonly stream: string;
  readonly tag: string;
  readonly text: string;
}

/** One runtime under test, with what the cases of the suite share. It is stopped when its test has finished. */
export class RuntimeHarness {
  readonly under: WorkloadRuntimeUnderTest;
  readonly folder: string;
  runtime: WorkloadRuntime & Stoppable;
  #pods = 0;

  private constructor(under: WorkloadRuntimeUnderTest, folder: string) {
    this.under = under;
    this.folder = folder;
    this.runtime = under.runtime;
  }

  static async open({ open }: WorkloadRuntimeContractOptions): Promise<RuntimeHarness> {
    const folder = await mkdtemp(join(tmpdir(), "skerry-runtime-"));
    const harness = new RuntimeHarness(await open(), folder);
    onTestFinished(async () => {
      await harness.runtime.stop();
      await rm(folder, { recursive: true, force: true });
    });
    return harness;
  }

  sandboxConfig(over: Partial<SandboxConfig> = {}): SandboxConfig {
    this.#pods += 1;
    const name = `pod-${this.#pods}`;
    return {
      pod: { namespace: "default", name, uid: `uid-${this.#pods}` },
      attempt: 0,
      handler: this.under.handler,
      hostname: name,
      logDirectory: this.folder,
      labels: { app: "test" },
      annotations: {},
      ...over,
    };
  }

  sandbox(): Promise<string> {
    return this.runtime.runSandbox(this.sandboxConfig());
  }

  async containerConfig(intent: ProgramIntent, over: Partial<ContainerConfig> = {}): Promise<ContainerConfig> {
    const program = await this.under.program(intent);
    const { id: imageId } = await this.runtime.images.pull(program.image);
    return {
      name: "main",
      attempt: 0,
      imageId,
      env: [],
      resources: {},
      logPath: "main-0.log",
      labels: {},
      annotations: {},
      ...program,
      ...over,
      mounts: [...program.mounts, ...(over.mounts ?? [])],
    };
  }

  async create(sandbox: string, intent: ProgramIntent, over: Partial<ContainerConfig> = {}): Promise<string> {
    return this.runtime.createContainer(sandbox, await this.containerConfig(intent, over));
  }

  /** Resolves when the container runs, in a sandbox of its own unless one is given. */
  async run(intent: ProgramIntent, over: Partial<ContainerConfig> = {}, sandbox?: string): Promise<string> {
    const id = await this.create(sandbox ?? (await this.sandbox()), intent, over);
    await this.runtime.startContainer(id);
    return id;
  }

  async find(id: string): Promise<Container | undefined> {
    return (await this.runtime.containers()).find((container) => container.id === id);
  }

  async get(id: string): Promise<Container> {
    const container = await this.find(id);
    if (container === undefined) throw new Error(`container ${id} is not listed`);
    return container;
  }

  exited(id: string): Promise<Container> {
    return vi.waitFor(
      async () => {
        const container = await this.get(id);
        expect(container.state).toBe("exited");
        return container;
      },
      { timeout: 20_000, interval: 10 },
    );
  }

  /** Go's RFC 3339 leaves out zeros at the end of a second's fraction. */
  async log(name = "main-0.log"): Promise<readonly LogEntry[]> {
    const path = join(this.folder, name);
    const text = (await (this.under.readLog ?? readFromDisk)(path)) ?? "";
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const [, stream, tag, rest] =
          /^\S+:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP]) (.*)$/.exec(line) ?? [];
        return { stream: stream ?? "", tag: tag ?? "", text: rest ?? `not in CRI's format: ${line}` };
      });
  }

  changes(): RuntimeChange[] {
    const seen: RuntimeChange[] = [];
    const watch = this.runtime.watch((change) => seen.push(change));
    onTestFinished(() => watch[Symbol.dispose]());
    return seen;
  }

  async restart(how: "stopped" | "killed"): Promise<void> {
    this.runtime = await this.under.restart(how);
  }
}

async function readFromDisk(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
