import { Clock, type Device, settingsToken, type UplinkReceiver, type UplinkReport } from "@skerry/contracts";
import { inject, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { parseTwinReport, twinUplinkType } from "../shared/twin-report.ts";
import { type DeviceWriter, DeviceWriterToken } from "./device-writer.ts";
import { StatusPace } from "./status-pace.ts";

export interface CloudTwinsSettings {
  readonly statusIntervalMs: number;
}

const Settings = settingsToken<CloudTwinsSettings>();

/** Takes what edges report of their devices to the Kubernetes API, each device at a bounded pace. */
export class TwinReceiver implements UplinkReceiver, Stoppable {
  readonly type = twinUplinkType;
  readonly #pace: StatusPace;
  readonly #stopping = new AbortController();

  constructor(
    @inject(DeviceWriterToken) private readonly writer: DeviceWriter,
    @inject(Clock) clock: Clock,
    @inject(Settings) settings: CloudTwinsSettings,
  ) {
    this.#pace = new StatusPace(clock, settings.statusIntervalMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }

  async receive({ node, name, value }: UplinkReport): Promise<void> {
    const report = parseTwinReport(value);
    if (typeof report === "string") {
      throw errors.create("SKERRY_TWINS_BAD_REPORT", { node, device: name, problem: report });
    }
    const authorise = (device: Device | undefined) => check(device, node, name, report.uid);
    await this.writer.authorised(name, authorise);
    await this.#turn(name);
    await this.writer.write(name, { node, report }, authorise);
  }

  async #turn(device: string): Promise<void> {
    try {
      await this.#pace.turn(device, this.#stopping.signal);
    } catch (error) {
      throw errors.create("SKERRY_TWINS_STOPPED", { device }, error);
    }
  }
}

function check(device: Device | undefined, node: string, name: string, uid: string): void {
  if (device === undefined || (device.metadata.uid ?? "") !== uid) {
    throw errors.create("SKERRY_TWINS_UNKNOWN_DEVICE", { node, device: name, uid });
  }
  const owner = device.spec.nodeName;
  if (owner !== node) throw errors.create("SKERRY_TWINS_NOT_OWNER", { node, device: name, owner });
}
