import { heal, step } from "./schedule.ts";
import { SimWorld, type WorldOptions } from "./sim-world.ts";
import type { Flaw } from "./story.ts";

export interface SeedResult {
  readonly seed: number;
  readonly operations: number;
  readonly acknowledged: number;
  readonly flaws: readonly Flaw[];
  /** Of the whole story; the same seed gives the same. */
  readonly digest: string;
  readonly lines: readonly string[];
  /** How often each kind of step was made. */
  readonly steps: Readonly<Record<string, number>>;
  /** Milliseconds of virtual time until both sides agreed after the faults ended. */
  readonly convergedAfterMs: number;
}

const operations = { everything: 110, "without the API": 40 } as const;
/** Waits of the link for a receiver that fails go up to ten seconds, on purpose; these pass before the other faults end. */
const weatherPassesMs = 10_000;
const convergeWithinMs = 3_000;
const bounds = { edgeTimers: 60, cloudTimers: 200, bytes: 1_000_000, states: 4 };

/** Runs one simulation to its end. */
export async function runSeed(options: WorldOptions): Promise<SeedResult> {
  const world = new SimWorld(options);
  const steps: Record<string, number> = {};
  await world.start();
  for (const mood of ["everything", "without the API"] as const) {
    for (let index = 0; index < operations[mood]; index += 1) {
      const name = await step(world, mood);
      steps[name] = (steps[name] ?? 0) + 1;
      weigh(world);
    }
    if (mood === "everything") await calm(world);
  }
  await heal(world);
  const convergedAfterMs = await converge(world);
  judge(world);
  const { story, states, objects, logs } = world;
  world.end();
  return {
    seed: options.seed,
    operations: operations.everything + operations["without the API"],
    acknowledged: states.acknowledgements + objects.acknowledgements + logs.acknowledgements,
    flaws: story.flaws,
    digest: story.digest(),
    lines: story.lines,
    steps,
    convergedAfterMs,
  };
}

async function calm(world: SimWorld): Promise<void> {
  await heal(world);
  await world.clock.advance(weatherPassesMs);
}

async function converge(world: SimWorld): Promise<number> {
  let waited = 0;
  for (; waited < convergeWithinMs && differences(world).length > 0; waited += 50) await world.clock.advance(50);
  for (const text of differences(world)) world.story.flaw("not converged", text);
  return waited;
}

/** In what both sides do not agree yet. */
function differences(world: SimWorld): readonly string[] {
  return world.nodes.flatMap((node) => {
    const edge = world.edges.get(node);
    if (!edge?.isStarted) return [`${node} has not started`];
    const state = edge.link.board.current().state;
    const pending = edge.link.outbox.pending();
    const [wanted, holds] = [world.wanted(node).join("; "), world.holds(node).join("; ")];
    const entries = edge.link.logs.status().reduce((sum, log) => sum + log.entries, 0);
    return [
      ...(state === "online" ? [] : [`${node} is ${state}`]),
      ...(pending === 0 ? [] : [`${node} has ${pending} states to tell`]),
      ...(entries === 0 ? [] : [`${node} has ${entries} entries to tell`]),
      ...(wanted === holds ? [] : [`${node} holds ${holds || "nothing"}, not ${wanted || "nothing"}`]),
    ];
  });
}

function judge(world: SimWorld): void {
  const { story, states, logs } = world;
  for (const text of states.missing()) story.flaw("lost", text);
  for (const node of world.nodes) {
    for (const type of ["events", "samples"]) {
      const missing = logs.missing(`${node}/${type}`);
      const allowed = type === "samples" ? (world.edges.get(node)?.dropped(type) ?? 0) : 0;
      if (missing.length > allowed)
        story.flaw("lost", `${node}/${type}: ${missing.length} entries (${missing}) of which ${allowed} were dropped`);
    }
    for (const held of world.edges.get(node)?.held().keys() ?? []) {
      if (world.wanted(node).some((wanted) => wanted.startsWith(`${held} `))) continue;
      story.flaw("phantom", `${node} holds ${held}, which does not concern it`);
    }
  }
}

function weigh(world: SimWorld): void {
  for (const [name, edge] of world.edges) {
    const { timers, bytes, states } = edge.weight();
    if (timers > bounds.edgeTimers || bytes > bounds.bytes || states > bounds.states)
      world.story.flaw("unbounded", `${name} has ${timers} timers, ${bytes} bytes and ${states} states waiting`);
  }
  for (const [name, cloud] of world.clouds) {
    const { timers, bytes } = cloud.weight();
    if (timers > bounds.cloudTimers || bytes > bounds.bytes)
      world.story.flaw("unbounded", `${name} has ${timers} timers and ${bytes} bytes waiting`);
  }
}
