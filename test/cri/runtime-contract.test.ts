import { CriRuntime, type CriSettings, manifest } from "@skerry/runtime-cri";
import { type Program, type ProgramIntent, RecordingLogger, workloadRuntimeContract } from "@skerry/testing";
import { afterAll, beforeAll } from "vitest";
import { systemClock } from "../../kernel/src/host/index.ts";
import { BusyboxContainerd } from "./busybox-containerd.ts";

let lab: BusyboxContainerd;

beforeAll(async () => {
  lab = await BusyboxContainerd.start();
});

afterAll(() => lab?.[Symbol.asyncDispose]());

async function start(): Promise<CriRuntime> {
  const { socket, cgroupParent } = lab.containerd;
  const settings: CriSettings = { socket, handlers: [], cgroupParent, relistMs: 100 };
  const runtime = new CriRuntime(settings, systemClock, new RecordingLogger());
  await runtime.start();
  return runtime;
}

const sh = (script: string, ...args: readonly string[]): Program => ({
  image: lab.image,
  command: ["/bin/sh", "-c", script],
  args: ["program", ...args],
  mounts: [],
});

function program(intent: ProgramIntent): Program {
  switch (intent.does) {
    case "exits":
      return sh(`exit ${intent.code}`);
    case "sleeps":
      // The first process of a container is not ended by a signal that it does not handle.
      return sh("trap 'exit 143' TERM; while :; do sleep 3600 & wait; done");
    case "loops":
      return sh("trap '' TERM; while :; do :; done");
    case "eats memory":
      return sh("x=$(head -c 200000000 /dev/zero | tr '\\0' a); exit 0");
    case "prints":
      return sh('for line in "$@"; do printf "%s\\n" "$line"; done; env >&2', ...intent.lines);
    case "reads":
      return sh('cat "$1" || exit 1', intent.path);
    case "writes":
      return sh('printf %s "$2" > "$1" || exit 1', intent.path, intent.text);
    case "not exist":
      return { image: lab.image, command: ["/no/such/program"], args: [], mounts: [] };
  }
}

workloadRuntimeContract({
  name: `${manifest.id}, over a containerd of its own`,
  supports: manifest.supports,
  open: async () => {
    const runtime = await start();
    for (const { id } of await runtime.sandboxes()) await runtime.removeSandbox(id);
    let current = runtime;
    return {
      runtime,
      handler: "",
      program,
      elapse: (ms) => new Promise((passed) => setTimeout(passed, ms)),
      restart: async (how) => {
        // Killed or stopped, nothing of ours is in the way of the next.
        if (how === "stopped") await current.stop();
        current = await start();
        return current;
      },
    };
  },
});
