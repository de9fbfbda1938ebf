import type { Container, Sandbox } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { planPod } from "../../src/edge/plan/plan-pod.ts";
import type { Action, PodFacts } from "../../src/edge/plan/pod-facts.ts";
import type { Pod } from "../../src/edge/pod/pod.ts";
import { container, podObject } from "./edge-world.ts";

const sandbox = (id: string, attempt = 0, state: Sandbox["state"] = "ready") =>
  ({ id, state, config: { attempt } }) as Sandbox;

/** `main#2@s1 exited 3`: the third container main, in sandbox s1, has exited with 3. */
function made(text: string): Container {
  const [, name = "", attempt, box = "", state, exitCode] = /^(\w+)#(\d+)@(\w+) (\w+) ?(\d+)?$/.exec(text) ?? [];
  const exit = exitCode === undefined ? {} : { exitCode: Number(exitCode) };
  return {
    id: text,
    sandbox: box,
    state,
    createdAt: 0,
    config: { name, attempt: Number(attempt), image: "scratch" },
    ...exit,
  } as Container;
}

const facts = (
  containers: readonly string[],
  over: Partial<PodFacts> = {},
  spec: Readonly<Record<string, unknown>> = {},
): PodFacts => ({
  pod: podObject(spec) as Pod,
  sandboxes: [sandbox("s0")],
  containers: containers.map(made),
  health: { isStarted: () => true, isReady: () => true, failure: () => undefined, isStarting: () => false },
  isEnding: false,
  isPrepared: true,
  pauses: new Map(),
  held: new Set(),
  isSandboxHeld: false,
  attempts: new Map(),
  ...over,
});

function text(action: Action): string {
  switch (action.do) {
    case "run-sandbox":
      return `run sandbox ${action.attempt}`;
    case "start":
      return `start ${action.view.spec.name}#${action.attempt} in ${action.sandbox.id}`;
    case "stop":
    case "remove-container":
      return `${action.do} ${action.container.id}`;
    default:
      return `${action.do} ${action.sandbox.id}`;
  }
}

const pause = (remainingMs: number) => new Map([["main", { remainingMs, delayMs: 10_000 }]]);
const two = { containers: [container(), container({ name: "other" })] };
const staged = {
  initContainers: [
    container({ name: "init" }),
    container({ name: "side", restartPolicy: "Always" }),
    container({ name: "last" }),
  ],
};
const other = { containers: [container({ image: "other:1" })] };
const never = { restartPolicy: "Never" };
const onFailure = { restartPolicy: "OnFailure" };

describe("the plan of a Pod", () => {
  it.each<[string, PodFacts, readonly string[]]>([
    ["begins with a sandbox", facts([], { sandboxes: [] }), ["run sandbox 0"]],
    ["waits for its volumes", facts([], { sandboxes: [], isPrepared: false }), []],
    ["waits after a sandbox failed", facts([], { sandboxes: [], isSandboxHeld: true }), []],
    ["starts containers side by side", facts([], {}, two), ["start main#0 in s0", "start other#0 in s0"]],
    ["leaves alone what runs", facts(["main#0@s0 running"]), []],
    ["leaves alone what runs, volumes or not", facts(["main#0@s0 running"], { isPrepared: false }), []],
    ["makes again what was made and not started", facts(["main#0@s0 created"]), ["start main#0 in s0"]],
    ["restarts", facts(["main#0@s0 exited 1"]), ["start main#1 in s0"]],
    ["restarts what succeeded", facts(["main#0@s0 exited 0"]), ["start main#1 in s0"]],
    ["counts on from what was told", facts([], { attempts: new Map([["main", 4]]) }), ["start main#5 in s0"]],
    ["waits in a back-off", facts(["main#0@s0 exited 1"], { pauses: pause(1) }), []],
    ["goes on after a back-off", facts(["main#0@s0 exited 1"], { pauses: pause(0) }), ["start main#1 in s0"]],
    ["waits with what is held", facts([], { held: new Set(["main"]) }, two), ["start other#0 in s0"]],
    [
      "keeps one attempt before",
      facts(["main#0@s0 exited 1", "main#1@s0 exited 1", "main#2@s0 running"]),
      ["remove-container main#0@s0 exited 1"],
    ],
    ["OnFailure restarts a failure", facts(["main#0@s0 exited 1"], {}, onFailure), ["start main#1 in s0"]],
    ["OnFailure is done with a success", facts(["main#0@s0 exited 0"], {}, onFailure), ["stop-sandbox s0"]],
    ["Never is done", facts(["main#0@s0 exited 1"], {}, never), ["stop-sandbox s0"]],
    ["Never waits for the others", facts(["main#0@s0 exited 1", "other#0@s0 running"], {}, { ...two, ...never }), []],
    ["begins with the first init container", facts([], {}, staged), ["start init#0 in s0"]],
    ["waits while an init container runs", facts(["init#0@s0 running"], {}, staged), []],
    ["then its sidecar", facts(["init#0@s0 exited 0"], {}, staged), ["start side#0 in s0"]],
    ["then the next", facts(["init#0@s0 exited 0", "side#0@s0 running"], {}, staged), ["start last#0 in s0"]],
    [
      "then the containers",
      facts(["init#0@s0 exited 0", "side#0@s0 running", "last#0@s0 exited 0"], {}, staged),
      ["start main#0 in s0"],
    ],
    ["restarts an init container", facts(["init#0@s0 exited 1"], {}, staged), ["start init#1 in s0"]],
    [
      "restarts a sidecar among init containers",
      facts(["init#0@s0 exited 0", "side#0@s0 exited 0"], {}, staged),
      ["start side#1 in s0"],
    ],
    [
      "restarts a sidecar later on",
      facts(["init#0@s0 exited 0", "side#0@s0 exited 3", "last#0@s0 exited 0", "main#0@s0 running"], {}, staged),
      ["start side#1 in s0"],
    ],
    [
      "does not run init containers again for a crash",
      facts(["side#0@s0 running", "main#0@s0 exited 1"], {}, staged),
      ["start main#1 in s0"],
    ],
    [
      "ends with a failed init container",
      facts(["init#0@s0 exited 0", "side#0@s0 running", "last#0@s0 exited 1"], {}, { ...staged, ...never }),
      ["stop side#0@s0 running"],
    ],
    [
      "ends its sidecar last",
      facts(["side#0@s0 running", "main#0@s0 exited 0"], {}, { ...staged, ...never }),
      ["stop side#0@s0 running"],
    ],
    [
      "makes a lost sandbox anew, and all in it",
      facts(["main#0@s0 exited 1"], { sandboxes: [sandbox("s0", 0, "notReady")] }),
      ["run sandbox 1"],
    ],
    [
      "runs init containers again in a new sandbox",
      facts(
        ["init#0@s0 exited 0", "main#0@s0 exited 1"],
        { sandboxes: [sandbox("s0", 0, "notReady"), sandbox("s1", 1)] },
        { initContainers: [container({ name: "init" })] },
      ),
      ["start init#1 in s1"],
    ],
    [
      "removes an old sandbox with nothing in it",
      facts(["main#1@s1 running"], { sandboxes: [sandbox("s0", 0, "notReady"), sandbox("s1", 1)] }),
      ["remove-sandbox s0"],
    ],
    [
      "stops a sandbox too many",
      facts(["main#0@s1 running"], { sandboxes: [sandbox("s0", 0), sandbox("s1", 1)] }),
      ["stop-sandbox s0"],
    ],
    ["stops what has another image now", facts(["main#0@s0 running"], {}, other), ["stop main#0@s0 running"]],
    ["and starts it from that", facts(["main#0@s0 exited 0"], {}, { ...other, ...onFailure }), ["start main#1 in s0"]],
    [
      "ends containers",
      facts(["main#0@s0 running", "other#0@s0 running"], { isEnding: true }, two),
      ["stop main#0@s0 running", "stop other#0@s0 running"],
    ],
    [
      "ends containers before sidecars",
      facts(["side#0@s0 running", "main#0@s0 running"], { isEnding: true }, staged),
      ["stop main#0@s0 running"],
    ],
    ["then its sandbox", facts(["main#0@s0 exited 1"], { isEnding: true }), ["stop-sandbox s0"]],
    ["and is over", facts(["main#0@s0 exited 1"], { isEnding: true, sandboxes: [sandbox("s0", 0, "notReady")] }), []],
    ["does not start what ends", facts([], { isEnding: true, sandboxes: [] }), []],
  ])("%s", (_, given, expected) => {
    expect(planPod(given).actions.map(text)).toEqual(expected);
  });

  it("says who waits in a back-off", () => {
    expect([...planPod(facts(["main#0@s0 exited 1"], { pauses: pause(7) })).backingOff]).toEqual([
      ["main", { remainingMs: 7, delayMs: 10_000 }],
    ]);
  });
});
