import { MemoryDisk } from "@skerry/storage-memory";
import { FakeClock, FakeKubeApi } from "@skerry/testing";
import { type BugName, Bugs } from "./bugs.ts";
import { CloudProcess, type Weather } from "./cloud-process.ts";
import { EdgeProcess } from "./edge-process.ts";
import { SimClock } from "./network/sim-clock.ts";
import { type SimHost, SimNetwork } from "./network/sim-network.ts";
import { configMaps, wantedBy } from "./objects.ts";
import { SimRandom } from "./sim-random.ts";
import { Story } from "./story.ts";
import { timing } from "./timing.ts";
import { Truth } from "./truth.ts";

/** A machine and the process that runs on it, if one does. */
export interface Machine<P> {
  readonly name: string;
  readonly clock: SimClock;
  host: SimHost;
  process: P | undefined;
}

export interface EdgeMachine extends Machine<EdgeProcess> {
  readonly disk: MemoryDisk;
}

const keys = ["a", "b", "c"];

/** A cloud of one or two kernels over one API, edge nodes, and the network between them, all from one seed. */
export class World {
  readonly time = new FakeClock();
  readonly random: SimRandom;
  readonly story = new Story(this.time);
  readonly truth = new Truth(this.story);
  readonly api = new FakeKubeApi(this.time);
  readonly network: SimNetwork;
  readonly weather: Weather = { mood: "well" };
  readonly edges: readonly EdgeMachine[];
  readonly clouds: readonly Machine<CloudProcess>[];
  readonly #bugs: Bugs;
  /** Ends of faults that end by themselves. */
  readonly endings: (() => void)[] = [];

  constructor(seed: number, bug?: BugName) {
    this.random = new SimRandom(seed);
    this.network = new SimNetwork(this.time, this.random);
    this.#bugs = new Bugs(bug);
    const machine = (name: string, identity: string) => {
      return { name, clock: new SimClock(this.time), host: this.network.host(name, identity), process: undefined };
    };
    const names = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
    this.clouds = names("cloud", 1 + this.random.below(2)).map((name) => machine(name, "skerry-cloud"));
    this.edges = names("edge", 1 + this.random.below(3)).map((name) => {
      return { ...machine(name, `system:node:${name}`), disk: new MemoryDisk() };
    });
  }

  get edgeNames(): readonly string[] {
    return this.edges.map(({ name }) => name);
  }

  async startCloud(machine: Machine<CloudProcess>): Promise<void> {
    if (machine.process) return;
    this.story.tell(`${machine.name} starts`);
    machine.host = this.network.host(machine.name, "skerry-cloud");
    const { api, random, truth, story, weather } = this;
    const { host, clock } = machine;
    machine.process = await CloudProcess.start({ host, clock, api, random, truth, story, weather, bugs: this.#bugs });
  }

  async startEdge(machine: EdgeMachine): Promise<void> {
    if (machine.process) return;
    this.story.tell(`${machine.name} starts`);
    machine.host = this.network.host(machine.name, `system:node:${machine.name}`);
    const { random, truth, story } = this;
    const { host, clock, disk } = machine;
    machine.process = await EdgeProcess.start({ host, clock, disk, random, truth, story, bugs: this.#bugs });
  }

  /** The process ends at once. @param isHeard as after a kill; not so after a power cut */
  kill(machine: Machine<CloudProcess> | EdgeMachine, isHeard: boolean): void {
    if (!machine.process) return;
    this.story.tell(`${machine.name} ${isHeard ? "is killed" : "loses power"}`);
    machine.process = undefined;
    machine.host.die(isHeard);
    if ("disk" in machine) machine.disk.crash();
  }

  put(machine: EdgeMachine): void {
    machine.process?.put(this.random.pick(keys));
  }

  /** Everything works again, and every process runs. */
  async heal(): Promise<void> {
    this.story.tell("all faults end");
    for (const end of this.endings.splice(0)) end();
    this.network.heal();
    this.api.connect();
    this.weather.mood = "well";
    for (const cloud of this.clouds) await this.startCloud(cloud);
    for (const edge of this.edges) await this.startEdge(edge);
  }

  /** Lets time pass until everything is in step, or it has had its time. */
  async settle(): Promise<void> {
    const step = 50;
    for (let waited = 0; waited < timing.convergeMs; waited += step) {
      if ((await this.differences()).length === 0) return this.story.tell("everything is in step");
      await this.time.advance(step);
    }
    for (const difference of await this.differences()) this.story.violated("notConverged", difference);
  }

  async differences(): Promise<readonly string[]> {
    const objects = await this.api.list(configMaps);
    return this.edges.flatMap(({ name, process }) => {
      if (!process) return [`${name} does not run`];
      if (process.state !== "online") return [`${name} is ${process.state}`];
      if (process.pending > 0) return [`${name} has ${process.pending} unacknowledged`];
      const [holds, wanted] = [process.holds().join(" "), wantedBy(name, objects).join(" ")];
      return holds === wanted ? [] : [`${name} holds ${holds || "nothing"} instead of ${wanted || "nothing"}`];
    });
  }

  async stop(): Promise<void> {
    for (const { process } of [...this.edges, ...this.clouds]) {
      const stopping = process?.stop();
      await this.time.advance(2_000);
      await stopping;
    }
  }
}
