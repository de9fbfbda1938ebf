import { readdirSync, readFileSync } from "node:fs";
import type { DeviceModel } from "@skerry/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildModbus, ModbusGuest } from "./modbus-guest.ts";

beforeAll(buildModbus, 120_000);

const folder = new URL("../models/", import.meta.url);
const models = readdirSync(folder).map((file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  return { file, text, model: parse(text) as DeviceModel };
});

describe("device models", () => {
  it.each(models)("$file is one the mapper takes without trouble", async ({ file, model }) => {
    expect(model).toMatchObject({ apiVersion: "devices.skerry.dev/v1alpha1", kind: "DeviceModel" });
    expect(`${model.metadata.name}.yaml`).toBe(file);
    expect(model.spec.mapper).toBe("modbus");
    const guest = await ModbusGuest.start(model.spec.properties);
    expect(guest.all("trouble")).toEqual([]);
    expect(guest.all("open")).toHaveLength(1);
  });

  it("include the one of the example", () => {
    const example = readFileSync(new URL("../../../docs/examples/demo-meter/model.yaml", import.meta.url), "utf8");
    expect(models.map(({ model }) => model)).toContainEqual(parse(example));
  });
});
