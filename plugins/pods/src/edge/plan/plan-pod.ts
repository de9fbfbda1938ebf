import type { Sandbox } from "@skerry/contracts";
import type { Pause } from "./back-off.ts";
import { type ContainerView, isChanged, isDone, isRestarted, viewsOf } from "./container-view.ts";
import { endingActions } from "./plan-ending.ts";
import type { Action, PodFacts, PodPlan } from "./pod-facts.ts";

/** What is to be done next for a Pod: a function of what there is, whatever led there. */
export function planPod(facts: PodFacts): PodPlan {
  const views = viewsOf(facts.pod, facts.containers);
  const backingOff = new Map<string, Pause>();
  const actions =
    facts.isEnding || isDone(facts.pod, views) ? endingActions(facts, views) : runningActions(facts, views, backingOff);
  return { actions: [...actions, ...tidyingActions(facts, views)], backingOff };
}

/** The sandbox that new containers go into. */
export function currentSandbox(sandboxes: readonly Sandbox[]): Sandbox | undefined {
  return sandboxes.reduce<Sandbox | undefined>(
    (newest, sandbox) =>
      sandbox.state === "ready" && (newest === undefined || sandbox.config.attempt > newest.config.attempt)
        ? sandbox
        : newest,
    undefined,
  );
}

function runningActions(
  facts: PodFacts,
  views: readonly ContainerView[],
  backingOff: Map<string, Pause>,
): readonly Action[] {
  const { sandboxes, isPrepared, isSandboxHeld } = facts;
  const sandbox = currentSandbox(sandboxes);
  if (sandbox === undefined) {
    const attempt = Math.max(-1, ...sandboxes.map(({ config }) => config.attempt)) + 1;
    return isPrepared && !isSandboxHeld ? [{ do: "run-sandbox", attempt }] : [];
  }
  if (!isPrepared) return [];
  const isBegun = views.some(({ kind, current }) => kind === "main" && current?.sandbox === sandbox.id);
  const actions: Action[] = [];
  for (const view of views) {
    if (view.kind === "init" && isBegun) continue;
    const step = stepOf(view, facts, sandbox, backingOff);
    if (step !== "passed" && step !== "waits") actions.push(step);
    // What comes after an init container waits until that has passed; main containers start side by side.
    if (step !== "passed" && view.kind !== "main" && !isBegun) break;
    if (isStarting(view, step, facts)) break;
  }
  return actions;
}

/** The hook after its start runs, or will. */
function isStarting(
  { current, spec }: ContainerView,
  step: Action | "passed" | "waits",
  { health }: PodFacts,
): boolean {
  if (typeof step === "object") return step.do === "start" && spec.lifecycle?.postStart !== undefined;
  return current?.state === "running" && health.isStarting(current);
}

function stepOf(
  view: ContainerView,
  facts: PodFacts,
  sandbox: Sandbox,
  backingOff: Map<string, Pause>,
): Action | "passed" | "waits" {
  const { current, kind, spec } = view;
  const own = current?.sandbox === sandbox.id ? current : undefined;
  if (own?.state === "running") {
    if (isChanged(view)) return { do: "stop", view, container: own };
    const failed = facts.health.failure(own);
    if (failed !== undefined) return { do: "stop", view, container: own, failed };
    return kind === "init" || !facts.health.isStarted(own) ? "waits" : "passed";
  }
  if (own?.state === "exited" && kind === "init" && own.exitCode === 0) return "passed";
  const isAnew = kind !== "main" && own === undefined;
  if (current?.state === "exited" && !isAnew && !isRestarted(facts.pod, view)) return "passed";
  if (facts.held.has(spec.name)) return "waits";
  const pause = current?.state === "exited" ? facts.pauses.get(spec.name) : undefined;
  if (pause !== undefined && pause.remainingMs > 0) {
    backingOff.set(spec.name, pause);
    return "waits";
  }
  return { do: "start", view, attempt: attemptOf(view, facts), sandbox };
}

/** One that was made and never started does not count: its attempt is made again. */
function attemptOf({ current, spec }: ContainerView, { attempts }: PodFacts): number {
  if (current?.state === "created") return current.config.attempt;
  return Math.max(current?.config.attempt ?? -1, attempts.get(spec.name) ?? -1) + 1;
}

/** Of each container the newest attempt and the one before are kept; so are the sandboxes that those are in. */
function tidyingActions({ containers, sandboxes }: PodFacts, views: readonly ContainerView[]): readonly Action[] {
  const kept = new Set(views.flatMap(({ current, previous }) => [current?.id, previous?.id]));
  const inUse = new Set(containers.filter(({ id }) => kept.has(id)).map(({ sandbox }) => sandbox));
  const current = currentSandbox(sandboxes);
  return [
    ...containers
      .filter(({ id, state }) => !kept.has(id) && state !== "running")
      .map((container) => ({ do: "remove-container" as const, container })),
    ...sandboxes
      .filter((sandbox) => sandbox.state === "ready" && sandbox !== current)
      .map((sandbox) => ({ do: "stop-sandbox" as const, sandbox })),
    ...sandboxes
      .filter((sandbox) => sandbox.state === "notReady" && current !== undefined && !inUse.has(sandbox.id))
      .map((sandbox) => ({ do: "remove-sandbox" as const, sandbox })),
  ];
}
