import { type Action, actions } from "./actions.ts";
import type { BugName } from "./bugs.ts";
import type { Story } from "./story.ts";
import { World } from "./world.ts";

const steps = 120;
/** Timers that may wait when everything is in step: heartbeats and such, for each process. */
const timersPerProcess = 8;

const total = Object.values(actions).reduce((sum, { weight }) => sum + weight, 0);

/** The action on which a die with `total` sides fell. */
function choose(die: number): Action | undefined {
  let left = die;
  for (const action of Object.values(actions)) {
    if (left < action.weight) return action;
    left -= action.weight;
  }
  return undefined;
}

/** Everything that one seed decides, from the first step to the judgement. */
export async function runSeed(seed: number, bug?: BugName): Promise<Story> {
  const world = new World(seed, bug);
  const { random, story } = world;
  for (const cloud of world.clouds) await world.startCloud(cloud);
  for (const edge of world.edges) await world.startEdge(edge);
  for (let step = 0; step < steps; step += 1) {
    await choose(random.below(total))?.act(world);
    await world.time.advance(random.below(20));
  }
  await world.heal();
  await world.settle();
  world.truth.judge();
  const processes = world.edges.length + world.clouds.length;
  if (story.violations.length === 0 && world.time.pending > processes * timersPerProcess) {
    story.violated("notConverged", `${world.time.pending} timers wait for ${processes} processes`);
  }
  await world.stop();
  return story;
}
