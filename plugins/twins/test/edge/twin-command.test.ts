import type { CommandCall } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { DevicesSection } from "../../src/edge/devices-section.ts";
import { TwinCommand } from "../../src/edge/twin-command.ts";
import { demoModel, meter } from "../demo-meter.ts";
import { EdgeNode, RecordingDriver } from "./edge-node.ts";

const name = "default/meter-1";

async function prepare() {
  const node = new EdgeNode();
  node.replica.put(demoModel);
  node.replica.put(meter());
  await node.start();
  const driver = new RecordingDriver();
  const session = node.twins.attach(name, driver);
  const command = new TwinCommand(node.twins, node.clock);
  const abort = new AbortController();
  let out = "";
  let err = "";
  const run = async (...words: string[]) => {
    const call: CommandCall = {
      arguments: words,
      directory: "/",
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      signal: abort.signal,
    };
    return command.run(call);
  };
  return { node, driver, session, run, abort, out: () => out, err: () => err };
}

describe("skerry twin get", () => {
  it("prints all values, and one alone", async () => {
    const { node, session, run, out } = await prepare();
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    session.report("voltage", 230.1, Date.UTC(2026, 0, 1));
    await node.set("limit", 16);
    expect(await run("get", "meter-1")).toBe(0);
    expect(out()).toBe(
      [
        "default/meter-1  Connected=True",
        "  voltage  230.1 V  at 2026-01-01T00:00:00.000Z",
        "  current  -",
        "  relay    -",
        "  limit    -  desired 16 A (pending)",
        "",
      ].join("\n"),
    );
    await run("get", name, "voltage");
    await run("get", name, "relay");
    expect(out().split("\n").slice(5, 7)).toEqual(["230.1 V", "not reported yet"]);
  });

  it("prints JSON", async () => {
    const { node, run, out } = await prepare();
    await node.set("limit", { value: 16, id: "x" });
    expect(await run("get", "meter-1", "limit", "-o", "json")).toBe(0);
    const [property] = JSON.parse(out()).properties;
    expect(property).toMatchObject({ name: "limit", unit: "A", desired: { value: 16, state: "pending" } });
    expect(property.desired).not.toHaveProperty("request");
  });
});

describe("skerry twin set", () => {
  it("waits for the device", async () => {
    const { node, driver, session, run, out } = await prepare();
    const done = run("set", "meter-1", "limit", "16");
    await node.settle();
    session.settle("limit", driver.versionOf("limit"), { state: "applied" });
    await node.settle();
    expect(await done).toBe(0);
    expect(out()).toBe("default/meter-1 limit applied\n");
    expect(node.clock.pending).toBe(0);
  });

  it("fails with the reason of the device", async () => {
    const { node, driver, session, run, out } = await prepare();
    const done = run("set", "meter-1", "limit", "16");
    await node.settle();
    session.settle("limit", driver.versionOf("limit"), { state: "rejected", reason: "illegal data value" });
    expect(await done).toBe(1);
    expect(out()).toBe("default/meter-1 limit rejected: illegal data value\n");
  });

  it("does not wait for ever, and not for a caller that left", async () => {
    const { node, run, out, abort } = await prepare();
    const done = run("set", "meter-1", "limit", "16");
    await node.clock.advance(10_000);
    expect(await done).toBe(0);
    expect(out()).toContain("default/meter-1 limit pending\nthe device has not answered yet");
    const left = run("set", "meter-1", "limit", "17");
    await node.settle();
    abort.abort();
    expect(await left).toBe(0);
  });

  it("refuses values that do not fit, without asking the device", async () => {
    const { driver, run, out } = await prepare();
    expect(await run("set", "meter-1", "limit", "90")).toBe(1);
    expect(out()).toBe("default/meter-1 limit rejected: 90 is above the maximum 80 A\n");
    expect(driver.desires).toEqual([]);
  });

  it("tells what is wrong with its arguments", async () => {
    const { run, err } = await prepare();
    expect(await run("put", "meter-1")).toBe(2);
    expect(await run("set", "meter-1", "limit")).toBe(2);
    expect(err()).toContain("usage: skerry twin get DEVICE");
    await expect(run("get", "meter-9")).rejects.toMatchObject({ code: "SKERRY_TWINS_UNKNOWN_TWIN" });
    await expect(run("get", "meter-1", "colour")).rejects.toMatchObject({ code: "SKERRY_TWINS_UNKNOWN_PROPERTY" });
    await expect(run("set", "meter-1", "relay", "on")).rejects.toMatchObject({ code: "SKERRY_TWINS_BAD_VALUE" });
  });
});

describe("the status section", () => {
  it("lists devices with their values, and what keeps one from being connected", async () => {
    const { node, session } = await prepare();
    session.report("voltage", 230.1, 0);
    session.report("voltage", "x", 0);
    const section = new DevicesSection(node.twins);
    expect((await section.collect()).lines).toEqual(["default/meter-1  not connected  voltage=230.1V"]);
    session.condition({ type: "Connected", status: "False", reason: "Timeout", message: "no answer" });
    const { lines, data } = await section.collect();
    expect(lines).toEqual(["default/meter-1  not connected (Timeout: no answer)  voltage=230.1V"]);
    expect(data).toMatchObject([{ name, connected: "False", refused: 1 }]);
    session.condition({ type: "Connected", status: "True", reason: "Answers", message: "" });
    expect((await section.collect()).lines).toEqual(["default/meter-1  connected  voltage=230.1V"]);
  });
});
