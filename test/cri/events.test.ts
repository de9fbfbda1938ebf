import { CriRuntime } from "@skerry/runtime-cri";
import { RecordingLogger } from "@skerry/testing";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../kernel/src/host/index.ts";
import { BusyboxContainerd } from "./busybox-containerd.ts";

let lab: BusyboxContainerd;

beforeAll(async () => {
  lab = await BusyboxContainerd.start();
});

afterAll(() => lab?.[Symbol.asyncDispose]());

it("an end that nobody looks for is told by the runtime itself", async () => {
  const { socket, cgroupParent, folder } = lab.containerd;
  // Looking is out of the question: an hour is longer than any test.
  const settings = { socket, handlers: [], cgroupParent, relistMs: 60 * 60 * 1000 };
  const runtime = new CriRuntime(settings, systemClock, new RecordingLogger());
  await runtime.start();
  onTestFinished(() => runtime.stop());
  const sandbox = await runtime.runSandbox({
    pod: { namespace: "default", name: "ends", uid: "ends" },
    attempt: 0,
    handler: "",
    hostname: "ends",
    logDirectory: folder,
    labels: {},
    annotations: {},
  });
  const { id: imageId } = await runtime.images.pull(lab.image);
  const container = await runtime.createContainer(sandbox, {
    name: "main",
    attempt: 0,
    image: lab.image,
    imageId,
    command: ["/bin/sh", "-c", "sleep 2; exit 3"],
    args: [],
    env: [],
    mounts: [],
    resources: {},
    logPath: "main.log",
    labels: {},
    annotations: {},
  });
  await runtime.startContainer(container);
  const seen: unknown[] = [];
  const looks: Promise<unknown>[] = [];
  const look = async () => {
    const found = (await runtime.containers()).find(({ id }) => id === container);
    seen.push([found?.state, found?.exitCode]);
  };
  const watch = runtime.watch(() => looks.push(look()));
  await vi.waitFor(() => expect(seen).toContainEqual(["exited", 3]), { timeout: 20_000, interval: 10 });
  watch[Symbol.dispose]();
  await Promise.all(looks);
  await runtime.removeSandbox(sandbox);
});
