import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerConfig, SandboxConfig } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import type { ProgramIntent } from "../src/contracts/workload-runtime/harness.ts";
import { workloadRuntimeContract } from "../src/contracts/workload-runtime.ts";
import { FakeClock } from "../src/fakes/clock.ts";
import type { FakeProgram, FakeRun } from "../src/fakes/workload-runs.ts";
import { FakeWorkloadRuntime } from "../src/fakes/workload-runtime.ts";

/** The fake keeps no files: its programs look into the mounts themselves. */
function hostPath({ mounts }: ContainerConfig, path: string, isWrite = false): string {
  const mount = mounts.find(({ containerPath }) => path.startsWith(`${containerPath}/`));
  if (mount === undefined || (isWrite && mount.readOnly)) throw new Error(`${path} is not to be had`);
  const file = join(mount.hostPath, path.slice(mount.containerPath.length));
  const real = existsSync(file) ? realpathSync(file) : file;
  if (!real.startsWith(`${mount.hostPath}/`)) throw new Error(`${path} is outside`);
  return real;
}

function scripted(intent: ProgramIntent): FakeProgram {
  const attempt = (act: (run: FakeRun) => void): FakeProgram => ({
    does: "runs",
    run: (run) => {
      try {
        act(run);
        run.exit({ code: 0 });
      } catch (error) {
        run.exit({ code: 1, message: String(error) });
      }
    },
  });
  switch (intent.does) {
    case "sleeps":
    case "loops":
      return { does: intent.does };
    case "exits":
      return { does: "runs", run: (run) => run.exit({ code: intent.code }) };
    case "eats memory":
      return { does: "runs", run: (run) => run.exit({ code: 137, reason: "OOMKilled" }) };
    case "not exist":
      return { does: "refused", problem: "there is no such file" };
    case "prints":
      return attempt(({ config, print }) => {
        for (const line of config.args) print(line);
        for (const { name, value } of config.env) print(`${name}=${value}`, "stderr");
      });
    case "reads":
      return attempt(({ config, print }) => print(readFileSync(hostPath(config, intent.path), "utf8").trimEnd()));
    case "writes":
      return attempt(({ config }) => writeFileSync(hostPath(config, intent.path, true), intent.text));
  }
}

workloadRuntimeContract({
  name: "FakeWorkloadRuntime",
  supports: { outlivesRestart: false, checksProgram: true, limitsMemory: true, runsInContainer: true },
  open: async () => {
    const clock = new FakeClock();
    const runtime = new FakeWorkloadRuntime({ clock });
    return {
      runtime,
      handler: "wasm",
      program: (intent) => {
        const command = JSON.stringify(intent);
        runtime.script(command, scripted(intent));
        return { image: "scratch", command: [command], args: intent.does === "prints" ? intent.lines : [], mounts: [] };
      },
      elapse: (ms) => clock.advance(ms),
      restart: async (how) => {
        if (how === "killed") runtime.crash();
        else await runtime.stop();
        await runtime.start();
        return runtime;
      },
      readLog: async (path) => runtime.log(path),
    };
  },
});

const sandboxConfig: SandboxConfig = {
  pod: { namespace: "default", name: "pod", uid: "1" },
  attempt: 0,
  handler: "wasm",
  hostname: "pod",
  logDirectory: "/logs",
  labels: {},
  annotations: {},
};

const containerConfig = (command: string, imageId: string): ContainerConfig => ({
  name: "main",
  attempt: 0,
  image: "scratch",
  imageId,
  command: [command],
  args: [],
  env: [],
  mounts: [],
  resources: {},
  logPath: "main/0.log",
  labels: {},
  annotations: {},
});

async function fake() {
  const clock = new FakeClock();
  const runtime = new FakeWorkloadRuntime({ clock });
  const sandbox = await runtime.runSandbox(sandboxConfig);
  const { id: imageId } = await runtime.images.pull("scratch");
  const create = (command: string) => runtime.createContainer(sandbox, containerConfig(command, imageId));
  return { clock, runtime, sandbox, create };
}

describe("FakeWorkloadRuntime", () => {
  it("runs what is scripted, on the virtual clock, and lets a test end a container", async () => {
    const { clock, runtime, create } = await fake();
    runtime.script("/exits", { does: "exits", afterMs: 500, code: 3, message: "enough" });
    runtime.script("/prints", { does: "runs", run: (run) => run.print("hello", "stderr") });
    const [exits, prints] = [await create("/exits"), await create("/prints")];
    await runtime.startContainer(exits);
    await runtime.startContainer(prints);
    await clock.advance(499);
    expect((await runtime.containers()).map(({ state }) => state)).toEqual(["running", "running"]);
    await clock.advance(1);
    runtime.exit(prints, 0);
    expect(await runtime.containers()).toMatchObject([
      { exitCode: 3, reason: "Error", message: "enough" },
      { exitCode: 0, reason: "Completed" },
    ]);
    expect(runtime.log("/logs/main/0.log")).toBe("2026-01-01T00:00:00.000000000Z stderr F hello\n");
  });

  it("fails when told, once, and refuses what is scripted as refused", async () => {
    const { runtime, create } = await fake();
    runtime.failNext("runSandbox", new Error("full"));
    await expect(runtime.runSandbox(sandboxConfig)).rejects.toThrow("full");
    await expect(runtime.runSandbox(sandboxConfig)).resolves.toBe("sandbox-2");
    runtime.failNext("pull", new Error("offline"));
    await expect(runtime.images.pull("scratch")).rejects.toThrow("offline");
    runtime.script("/bad", { does: "refused", problem: "it is not WebAssembly" });
    await expect(create("/bad")).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_BAD_CONTAINER",
      message: "container main cannot be run: it is not WebAssembly",
    });
    expect(runtime.calls).toEqual([
      "runSandbox default/pod",
      "runSandbox default/pod",
      "runSandbox default/pod",
      "createContainer main",
    ]);
  });

  it("knows after a crash what there was, and not how it ended", async () => {
    const { runtime, create } = await fake();
    const id = await create("/sleeps");
    await runtime.startContainer(id);
    runtime.crash();
    await expect(runtime.containers()).rejects.toMatchObject({ code: "SKERRY_RUNTIME_STOPPED" });
    await runtime.start();
    expect(await runtime.containers()).toMatchObject([{ id, state: "exited", exitCode: 255, reason: "Unknown" }]);
    expect(await runtime.sandboxes()).toMatchObject([{ state: "ready" }]);
  });

  it("pulls what its registry offers", async () => {
    const { runtime } = await fake();
    const { images } = runtime;
    await expect(images.pull("app:1")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_IMAGE_NOT_FOUND" });
    images.offer("app:1", { bytes: 5 });
    const credentials = { username: "me", password: "secret" };
    const image = await images.pull("app:1", credentials);
    expect(image).toMatchObject({ names: ["app:1"], bytes: 5 });
    images.withdraw("app:1");
    expect(await images.status("app:1")).toEqual(image);
    expect(images.pulls.at(-1)).toEqual({ image: "app:1", credentials });
  });
});
