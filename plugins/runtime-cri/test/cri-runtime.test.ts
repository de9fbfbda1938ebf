import { status } from "@grpc/grpc-js";
import { FakeClock, RecordingLogger } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { CriRuntime } from "../src/index.ts";
import { fakeCri } from "./fake-cri.ts";
import { plainSandbox } from "./sandbox.ts";

const version = () => ({ runtimeName: "fake", runtimeVersion: "1.2.3" });

async function runtimeAt(socket: string) {
  const [clock, log] = [new FakeClock(), new RecordingLogger()];
  const runtime = new CriRuntime({ socket, handlers: ["kata"], cgroupParent: "/skerry", relistMs: 1000 }, clock, log);
  onTestFinished(() => runtime.stop());
  return { clock, log, runtime };
}

describe("a container runtime", () => {
  it("says what it is, and which handlers it has", async () => {
    const { runtime } = await runtimeAt(await fakeCri({ Version: version }));
    await runtime.start();
    expect(runtime.info).toEqual({ name: "fake", version: "1.2.3", handlers: ["", "kata"], isConfined: false });
  });

  it("that is not there is named by its socket", async () => {
    const { runtime } = await runtimeAt("/nonexistent/cri.sock");
    const unreachable = { code: "SKERRY_CRI_UNREACHABLE", details: { socket: "/nonexistent/cri.sock" } };
    await expect(runtime.start()).rejects.toMatchObject(unreachable);
  });

  it("that does not answer is not waited for", async () => {
    const { runtime, clock } = await runtimeAt(await fakeCri({ Version: () => undefined }));
    const starting = runtime.start();
    starting.catch(() => undefined);
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await clock.advance(10_000);
    await expect(starting).rejects.toMatchObject({
      code: "SKERRY_CRI_UNREACHABLE",
      details: { reason: "no answer in time" },
    });
  });

  it("that speaks another version is told apart from one that is not there", async () => {
    const { runtime } = await runtimeAt(await fakeCri({}));
    await expect(runtime.start()).rejects.toMatchObject({ code: "SKERRY_CRI_VERSION" });
  });

  it("gives its own reason when it refuses", async () => {
    const RunPodSandbox = () => ({ code: status.UNKNOWN, details: "no network plugin" });
    const { runtime } = await runtimeAt(await fakeCri({ Version: version, RunPodSandbox }));
    await runtime.start();
    await expect(runtime.runSandbox(plainSandbox)).rejects.toMatchObject({
      code: "SKERRY_CRI_FAILED",
      details: { verb: "RunPodSandbox", reason: "no network plugin" },
    });
  });

  it("that goes away for a while is said to once, and looked at again", async () => {
    let isAway = true;
    const list = () => (isAway ? { code: status.UNAVAILABLE, details: "restarting" } : { items: [], containers: [] });
    const socket = await fakeCri({ Version: version, ListPodSandbox: list, ListContainers: list });
    const { runtime, clock, log } = await runtimeAt(socket);
    await runtime.start();
    const look = async () => {
      await vi.waitFor(() => expect(clock.pending).toBe(1));
      await clock.advance(1_000);
    };
    for (let looks = 0; looks < 3; looks += 1) await look();
    await vi.waitFor(() => expect(log.records.map(({ level }) => level)).toEqual(["warn"]));
    isAway = false;
    await look();
    await look();
    expect(log.records).toHaveLength(1);
  });
});

describe("images of a container runtime", () => {
  const pulling = async (details: string, code: number = status.UNKNOWN) => {
    const { runtime } = await runtimeAt(await fakeCri({ Version: version, PullImage: () => ({ code, details }) }));
    await runtime.start();
    return runtime.images.pull("registry.example/app:1");
  };

  it.each([
    ["failed to resolve reference: not found", status.NOT_FOUND, "SKERRY_RUNTIME_IMAGE_NOT_FOUND"],
    ["pull access denied: authorization failed", status.UNKNOWN, "SKERRY_RUNTIME_IMAGE_NOT_FOUND"],
    ["dial tcp 192.0.2.1:443: i/o timeout", status.UNKNOWN, "SKERRY_RUNTIME_IMAGE_UNAVAILABLE"],
  ])("that cannot be had for %j are %d, %s", async (details, code, expected) => {
    await expect(pulling(details, code)).rejects.toMatchObject({ code: expected, details: { problem: details } });
  });

  it.each(["NOT an image", "", "a/../b", "UPPER/case", "a:b:c", `a/${"x".repeat(600)}`])(
    "are not asked for as %j",
    async (image) => {
      const { runtime } = await runtimeAt("/nonexistent/cri.sock");
      await expect(runtime.images.pull(image)).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE_NAME" });
    },
  );
});
