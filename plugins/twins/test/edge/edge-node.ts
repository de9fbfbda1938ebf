import type { Desire, JsonValue, TwinDriver } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, FakeLinkState, FakeMessageBus, FakeReplica, FakeUplink, RecordingLogger } from "@skerry/testing";
import { EdgeTwins } from "../../src/edge/index.ts";
import type { TwinReport } from "../../src/shared/twin-report.ts";

/** The twins of one edge node over fakes. What is on the disk, in the replica and at the broker outlives a restart. */
export class EdgeNode {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk();
  readonly replica = new FakeReplica();
  readonly bus = new FakeMessageBus();
  readonly logger = new RecordingLogger();
  readonly link = new FakeLinkState();
  readonly uplink = new FakeUplink();
  twins: EdgeTwins;

  constructor(private readonly reportIntervalMs = 0) {
    this.twins = this.#construct();
  }

  async start(): Promise<this> {
    await this.twins.start();
    await this.settle();
    return this;
  }

  /** Ends in order, as on a shutdown, and starts again. */
  async restart(): Promise<void> {
    await this.twins.stop();
    this.twins = this.#construct();
    await this.start();
  }

  /** Ends as on a power cut, and starts again. */
  async crash(): Promise<void> {
    this.disk.crash();
    await this.twins.stop();
    this.twins = this.#construct();
    await this.start();
  }

  /** Lets everything that is under way happen. No time passes. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  /** The link is back. */
  comeOnline(): void {
    this.link.set({ state: "online", since: this.clock.now(), reason: "" });
  }

  async set(property: string, payload: JsonValue | Uint8Array, device = "default/meter-1"): Promise<void> {
    const bytes = payload instanceof Uint8Array ? payload : JSON.stringify(payload);
    await this.bus.publish(`skerry/${device}/set/${property}`, bytes);
    await this.settle();
  }

  /** What was answered on the result topic of a property, in order. */
  results(property: string, device = "default/meter-1"): unknown[] {
    return this.bus.published
      .filter(({ topic }) => topic === `skerry/${device}/result/${property}`)
      .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)));
  }

  retained(topic: string): Record<string, JsonValue> | undefined {
    const text = this.bus.retainedText(`skerry/default/meter-1/${topic}`);
    return text === undefined ? undefined : JSON.parse(text);
  }

  report(device = "default/meter-1"): TwinReport {
    return this.uplink.latest("twin", device) as unknown as TwinReport;
  }

  #construct(): EdgeTwins {
    const info = { name: "edge-1", profile: "edge", home: "/nonexistent", programs: "/nonexistent", version: "0.0.0" };
    const storage = new MemoryStorage(this.disk);
    const settings = { storeReportedAfterMs: 10_000, reportIntervalMs: this.reportIntervalMs };
    return new EdgeTwins(
      info,
      this.replica,
      this.uplink,
      this.bus,
      storage,
      this.clock,
      this.logger,
      settings,
      this.link,
    );
  }
}

/** A driver that keeps what is desired of it. */
export class RecordingDriver implements TwinDriver {
  readonly desires: Desire[] = [];

  desire(desire: Desire): void {
    this.desires.push(desire);
  }

  get values(): readonly (readonly [string, JsonValue])[] {
    return this.desires.map(({ property, value }) => [property.name, value] as const);
  }

  /** The version of the newest desire of a property. */
  versionOf(name: string): string {
    return this.desires.findLast(({ property }) => property.name === name)?.version ?? "";
  }
}
