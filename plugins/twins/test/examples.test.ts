import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Device, DeviceModel } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { asDevice, asDeviceModel } from "../src/edge/device-objects.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => parse(readFileSync(join(root, path), "utf8"));

describe("the example of the demo meter", () => {
  const model = read("docs/examples/demo-meter/model.yaml") as DeviceModel;
  const device = read("docs/examples/demo-meter/device.yaml") as Device;

  it("has the model that comes with the modbus mapper", () => {
    expect(model).toEqual(read("mappers/modbus/models/demo-meter.yaml"));
  });

  it("has objects that an edge node reads, and that belong together", () => {
    expect(asDeviceModel(model)).toBe(model);
    expect(asDevice(device)).toBe(device);
    expect(device.spec.model).toBe(model.metadata.name);
    expect(device.spec).toEqual({
      model: "demo-meter",
      nodeName: "edge-1",
      connection: { tcp: { host: "127.0.0.1", port: 5020 }, unit: 1 },
    });
    expect(model.spec.properties.map(({ name }) => name)).toEqual(["voltage", "current", "energy", "relay", "limit"]);
  });
});
