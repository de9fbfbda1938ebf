import {
  type JsonValue,
  KubeApi,
  type LogBatch,
  type LogReceiver,
  logReceiverPoint,
  replicaInterestPoint,
  Transport,
  type UplinkReceiver,
  type UplinkReport,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { type FakeKubeApi, startTestNode } from "@skerry/testing";
import { plugin as cloudLink } from "../../kernel/src/link/cloud/index.ts";
import type { Bugs } from "./bugs.ts";
import type { SimClock } from "./network/sim-clock.ts";
import type { SimHost } from "./network/sim-network.ts";
import { SimInterest } from "./objects.ts";
import type { SimRandom } from "./sim-random.ts";
import type { Story } from "./story.ts";
import { timing } from "./timing.ts";
import type { Truth } from "./truth.ts";

/** How the API is that receivers write to. */
export interface Weather {
  mood: "well" | "slow" | "failing";
}

export interface CloudParts {
  readonly host: SimHost;
  readonly api: FakeKubeApi;
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly truth: Truth;
  readonly story: Story;
  readonly weather: Weather;
  readonly bugs: Bugs;
}

const manifest = {
  id: "sim-cloud",
  summary: "what a simulated cloud does with what nodes send",
  sdk: "^0.1.0",
  contributes: [replicaInterestPoint.id, uplinkReceiverPoint.id, logReceiverPoint.id],
};

/** One run of a cloud kernel. */
export class CloudProcess {
  readonly #kernel: Awaited<ReturnType<typeof startTestNode>>;

  private constructor(kernel: Awaited<ReturnType<typeof startTestNode>>) {
    this.#kernel = kernel;
  }

  static async start(parts: CloudParts): Promise<CloudProcess> {
    const { host, api, clock, random, bugs } = parts;
    class States implements UplinkReceiver {
      readonly type = "twin";
      receive = (report: UplinkReport) => takeState(parts, report);
    }
    class Entries implements LogReceiver {
      readonly type = "event";
      receive = (batch: LogBatch) => takeEntries(parts, batch);
    }
    const receivers = definePlugin(manifest, (scope) => {
      scope.contribute(replicaInterestPoint, SimInterest);
      scope.contribute(uplinkReceiverPoint, States);
      scope.contribute(logReceiverPoint, Entries);
    });
    const kernel = await startTestNode({
      plugins: [{ plugin: cloudLink, settings: { heartbeatMs: timing.heartbeatMs } }, receivers],
      with: [
        [Transport, host],
        [KubeApi, bugs.api(api)],
      ],
      clock,
      random,
    });
    return new CloudProcess(kernel);
  }

  async stop(): Promise<void> {
    await this.#kernel.stop();
  }
}

/** A write to the API: it takes a while, may fail, and a dead process does not make it. */
async function write(parts: CloudParts, apply: () => void): Promise<void> {
  const { clock, random, weather, host } = parts;
  await clock.sleep(random.below(weather.mood === "slow" ? 700 : 5));
  if (host.isDead) throw new Error("the process is gone");
  if (weather.mood === "failing" && random.happens(0.7)) throw new Error("the API is away");
  apply();
}

async function takeState(parts: CloudParts, { node, name, value }: UplinkReport): Promise<void> {
  const { truth, story, random, bugs } = parts;
  const [key, version] = [`${node}/${name}`, numberOf(value)];
  if (bugs.has("acknowledge-early") && random.happens(0.1)) return;
  await write(parts, () => {
    // As the API's optimistic writes do: whoever is late sees that something newer is there.
    if (version < truth.stored(key) && !bugs.has("old-after-new")) return;
    const late = bugs.has("old-after-new") && random.happens(0.2) && version > 1;
    story.tell(`cloud writes ${key} ${version}`);
    truth.write(key, version);
    if (late) truth.write(key, version - 1);
  });
}

async function takeEntries(parts: CloudParts, { node, entries }: LogBatch): Promise<void> {
  const { truth, story, random, bugs } = parts;
  for (const { sequence, value } of entries) {
    if (bugs.has("skip-entry") && random.happens(0.05)) continue;
    await write(parts, () => {
      story.tell(`cloud takes ${node} entry ${numberOf(value)}`);
      truth.log(node, { sequence, value: numberOf(value) });
    });
  }
}

function numberOf(value: JsonValue): number {
  return typeof value === "number" ? value : Number.NaN;
}
