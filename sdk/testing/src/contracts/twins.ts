import type {
  Desire,
  Device,
  DeviceModel,
  JsonValue,
  TwinDefinition,
  TwinDriver,
  TwinListener,
  Twins,
} from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";

/** Twins under test, and what a test does to them from outside. */
export interface TwinsUnderTest {
  readonly twins: Twins;
  /** The Device with its model is on this node, or is so in another form. */
  put(definition: TwinDefinition): void;
  remove(definition: TwinDefinition): void;
  /** Desires a value as a client would, and resolves when it is on its way to the driver. */
  desire(twin: string, property: string, value: JsonValue): Promise<void>;
  /** The newest reported value. */
  reported(twin: string, property: string): JsonValue | undefined;
  /** State of the newest desired value. */
  state(twin: string, property: string): string | undefined;
  /** Status of a condition. */
  condition(twin: string, type: string): string | undefined;
}

export interface TwinsContractOptions {
  readonly name: string;
  /** Started, and without twins. */
  readonly open: () => Promise<TwinsUnderTest>;
}

const model: DeviceModel = {
  apiVersion: "devices.skerry.dev/v1alpha1",
  kind: "DeviceModel",
  metadata: { name: "lamp" },
  spec: {
    mapper: "lamps",
    properties: [
      { name: "on", type: "boolean", access: "readWrite", visit: {} },
      { name: "level", type: "integer", access: "readWrite", visit: {} },
      { name: "power", type: "number", access: "read", visit: {} },
    ],
  },
};

/** A lamp on the node `edge-1`, at this port. */
export function lamp(name = "lamp-1", port = 1): TwinDefinition {
  const device: Device = {
    apiVersion: "devices.skerry.dev/v1alpha1",
    kind: "Device",
    metadata: { name, namespace: "default", uid: `uid-of-${name}`, generation: port },
    spec: { model: "lamp", nodeName: "edge-1", connection: { tcp: { host: "127.0.0.1", port } } },
  };
  return { name: `default/${name}`, device, model };
}

class Recorder implements TwinListener, TwinDriver {
  readonly seen: string[] = [];
  readonly desires: Desire[] = [];

  changed({ name, device }: TwinDefinition): void {
    this.seen.push(`${name} at ${device.spec.connection.tcp?.port}`);
  }

  gone(name: string): void {
    this.seen.push(`${name} gone`);
  }

  desire(desire: Desire): void {
    this.desires.push(desire);
  }

  get wanted(): string[] {
    return this.desires.map(({ property, value }) => `${property.name}=${JSON.stringify(value)}`);
  }
}

/** What every implementation of `Twins` promises its drivers. */
export function twinsContract({ name: subject, open }: TwinsContractOptions): void {
  const twin = "default/lamp-1";
  const openWithLamp = async () => {
    const under = await open();
    under.put(lamp());
    return under;
  };

  describe(`twins contract: ${subject}`, () => {
    it("tells a listener of the twins there are before watch returns, then of changes, until it is disposed", async () => {
      const under = await openWithLamp();
      const recorder = new Recorder();
      const watch = under.twins.watch(recorder);
      expect(recorder.seen).toEqual([`${twin} at 1`]);
      under.put(lamp("lamp-2"));
      under.put(lamp("lamp-1", 7));
      under.remove(lamp("lamp-2"));
      expect(recorder.seen.slice(1)).toEqual(["default/lamp-2 at 1", `${twin} at 7`, "default/lamp-2 gone"]);
      watch[Symbol.dispose]();
      under.remove(lamp());
      expect(recorder.seen).toHaveLength(4);
    });

    it("hands a driver what is pending once it has its session, and what is desired later", async () => {
      const under = await openWithLamp();
      await under.desire(twin, "on", true);
      const driver = new Recorder();
      under.twins.attach(twin, driver);
      expect(driver.wanted).toEqual([]);
      await vi.waitFor(() => expect(driver.wanted).toEqual(["on=true"]));
      await under.desire(twin, "level", 3);
      await vi.waitFor(() => expect(driver.wanted).toEqual(["on=true", "level=3"]));
      expect(driver.desires[1]?.property).toMatchObject({ name: "level", type: "integer" });
    });

    it("takes the outcome of the newest value of a property only", async () => {
      const under = await openWithLamp();
      const driver = new Recorder();
      const session = under.twins.attach(twin, driver);
      await under.desire(twin, "level", 3);
      await under.desire(twin, "level", 4);
      await vi.waitFor(() => expect(driver.wanted.at(-1)).toBe("level=4"));
      const [first, second] = [driver.desires.at(0), driver.desires.at(-1)];
      session.settle("level", first?.version ?? "", { state: "rejected", reason: "too late" });
      expect(under.state(twin, "level")).toBe("pending");
      session.settle("level", second?.version ?? "", { state: "applied" });
      await vi.waitFor(() => expect(under.state(twin, "level")).toBe("applied"));
    });

    it("does not hand over again what was settled", async () => {
      const under = await openWithLamp();
      const driver = new Recorder();
      const session = under.twins.attach(twin, driver);
      await under.desire(twin, "level", 3);
      await vi.waitFor(() => expect(driver.wanted).toEqual(["level=3"]));
      session.settle("level", driver.desires[0]?.version ?? "", { state: "rejected", reason: "no" });
      await vi.waitFor(() => expect(under.state(twin, "level")).toBe("rejected"));
      const next = new Recorder();
      under.twins.attach(twin, next);
      await under.desire(twin, "on", false);
      await vi.waitFor(() => expect(next.wanted).toEqual(["on=false"]));
    });

    it("takes reports that fit and refuses others", async () => {
      const under = await openWithLamp();
      const session = under.twins.attach(twin, new Recorder());
      session.report("power", 11.5, 1_000);
      session.report("power", "much", 2_000);
      session.report("level", 1.5, 2_000);
      session.report("colour", "red", 2_000);
      expect(under.reported(twin, "power")).toBe(11.5);
      expect(under.reported(twin, "level")).toBeUndefined();
      expect(under.reported(twin, "colour")).toBeUndefined();
    });

    it("lets a second driver take over from the first, whose session is dead", async () => {
      const under = await openWithLamp();
      const [first, second] = [new Recorder(), new Recorder()];
      const old = under.twins.attach(twin, first);
      const session = under.twins.attach(twin, second);
      await under.desire(twin, "on", true);
      await vi.waitFor(() => expect(second.wanted).toEqual(["on=true"]));
      expect(first.wanted).toEqual([]);
      old.report("power", 1, 0);
      old.condition({ type: "Connected", status: "False", reason: "Old", message: "" });
      old[Symbol.dispose]();
      session.report("power", 2, 0);
      session.condition({ type: "Connected", status: "True", reason: "New", message: "" });
      expect(under.reported(twin, "power")).toBe(2);
      expect(under.condition(twin, "Connected")).toBe("True");
    });

    it("ignores a session whose twin is gone, and a driver of a twin there never was", async () => {
      const under = await openWithLamp();
      const session = under.twins.attach(twin, new Recorder());
      under.remove(lamp());
      session.report("power", 1, 0);
      session.settle("on", "", { state: "applied" });
      session[Symbol.dispose]();
      const nowhere = under.twins.attach("default/none", new Recorder());
      nowhere.report("power", 1, 0);
      nowhere[Symbol.dispose]();
      expect(under.reported("default/none", "power")).toBeUndefined();
    });
  });
}
