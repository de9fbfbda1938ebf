import { type Device, type DeviceModel, deviceModelResource, deviceResource, type JsonValue } from "@skerry/contracts";
import { FakeClock, FakeKubeApi, RecordingLogger } from "@skerry/testing";
import { DeviceCache } from "../../src/cloud/device-cache.ts";
import { DeviceEvents } from "../../src/cloud/device-events.ts";
import { DeviceReconciler } from "../../src/cloud/device-reconciler.ts";
import { DeviceWriter } from "../../src/cloud/device-writer.ts";
import { eventResource } from "../../src/cloud/event-recorder.ts";
import { definitionResource, definitions } from "../../src/cloud/install-definitions.ts";
import { TwinReceiver } from "../../src/cloud/twin-receiver.ts";
import type { TwinReport } from "../../src/shared/twin-report.ts";

/** The cloud half of the twins over a Kubernetes API in memory, which outlives a restart. */
export class CloudNode {
  readonly clock: FakeClock;
  readonly kube: FakeKubeApi;
  readonly logger = new RecordingLogger();
  parts: ReturnType<CloudNode["construct"]>;

  constructor(clock = new FakeClock()) {
    this.clock = clock;
    this.kube = new FakeKubeApi(clock);
    this.parts = this.construct();
    const conditions = [{ type: "Established", status: "True", reason: "", message: "", lastTransitionTime: "" }];
    for (const definition of definitions) this.kube.seed({ ...definition, status: { conditions } }, definitionResource);
  }

  async start(): Promise<this> {
    await this.parts.reconciler.start(new AbortController().signal);
    await this.settle();
    return this;
  }

  async stop(): Promise<void> {
    await this.parts.reconciler.stop();
    await this.parts.receiver.stop();
    await this.parts.writer.stop();
    await this.parts.events.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    this.parts = this.construct();
    await this.start();
  }

  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  seed(device: Device): void {
    this.kube.seed(device, deviceResource);
  }

  seedModel(model: DeviceModel): void {
    this.kube.seed(model, deviceModelResource);
  }

  /** What a user does with kubectl. */
  async desire(desired: Readonly<Record<string, JsonValue>>, name = "meter-1"): Promise<void> {
    const options = { fieldManager: "kubectl" };
    await this.kube.patch(deviceResource, { namespace: "default", name }, { spec: { desired } }, options);
  }

  receive(report: TwinReport, node = "edge-1", name = "default/meter-1"): Promise<void> {
    return this.parts.receiver.receive({ node, name, value: report as unknown as JsonValue });
  }

  device(name = "meter-1"): Device {
    return this.kube.peek(deviceResource, { namespace: "default", name }) as Device;
  }

  condition(type: string) {
    return this.device().status?.conditions?.find((condition) => condition.type === type);
  }

  async eventReasons(): Promise<string[]> {
    await this.parts.events.stop();
    return (await this.kube.list(eventResource)).map((event) => `${event["reason"]} x${event["count"]}`);
  }

  /** The classes as the plugin wires them. */
  construct() {
    const cache = new DeviceCache();
    const events = new DeviceEvents(this.kube, this.clock, this.logger);
    const writer = new DeviceWriter(this.kube, this.clock, cache, events);
    const receiver = new TwinReceiver(writer, this.clock, { statusIntervalMs: 500 });
    const reconciler = new DeviceReconciler(this.kube, cache, writer, this.clock, this.logger);
    return { cache, events, writer, receiver, reconciler };
  }
}
