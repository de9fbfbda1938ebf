import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, ContainerConfig } from "@skerry/contracts";
import type { Program } from "@skerry/testing";
import { expect, onTestFinished, vi } from "vitest";
import type { WasmRuntime, WasmSettings } from "../src/index.ts";
import { WasmNode } from "./wasm-node.ts";

/** A node with a runtime and one sandbox; it is removed when its test has finished. */
export class RuntimeHarness {
  readonly node: WasmNode;
  readonly logs: string;
  runtime: WasmRuntime;
  sandbox = "";

  private constructor(node: WasmNode, runtime: WasmRuntime, logs: string) {
    this.node = node;
    this.runtime = runtime;
    this.logs = logs;
  }

  static async create(settings: Partial<WasmSettings> = {}): Promise<RuntimeHarness> {
    const node = await WasmNode.create(settings);
    const logs = await mkdtemp(join(tmpdir(), "skerry-logs-"));
    onTestFinished(async () => {
      await node.remove();
      await rm(logs, { recursive: true, force: true });
    });
    const harness = new RuntimeHarness(node, await node.boot(), logs);
    harness.sandbox = await harness.runtime.runSandbox({
      pod: { namespace: "default", name: "pod", uid: "1" },
      attempt: 0,
      handler: "wasm",
      hostname: "pod",
      logDirectory: logs,
      labels: {},
      annotations: {},
    });
    return harness;
  }

  config(program: Program, over: Partial<ContainerConfig> = {}): ContainerConfig {
    return {
      name: "main",
      attempt: 0,
      imageId: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      env: [],
      resources: {},
      logPath: "main/0.log",
      labels: {},
      annotations: {},
      ...program,
      ...over,
    };
  }

  async create(module: Uint8Array | Program, over: Partial<ContainerConfig> = {}): Promise<string> {
    const program = module instanceof Uint8Array ? await this.node.modules.module(module) : module;
    return this.runtime.createContainer(this.sandbox, this.config(program, over));
  }

  async run(module: Uint8Array | Program, over: Partial<ContainerConfig> = {}): Promise<string> {
    const id = await this.create(module, over);
    await this.runtime.startContainer(id);
    return id;
  }

  async get(id: string): Promise<Container> {
    const found = (await this.runtime.containers()).find((container) => container.id === id);
    if (found === undefined) throw new Error(`container ${id} is not listed`);
    return found;
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

  log(name = "main/0.log"): Promise<string> {
    return readFile(join(this.logs, name), "utf8");
  }
}
