import type { MapperEvent } from "@skerry/mapper";
import { errorCode, errorFamily } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { compileMapper } from "../../src/runner/compiled-mapper.ts";
import { Guest } from "../../src/runner/guest.ts";
import { hostile, hostileNames } from "../hostile.ts";

const limits = { memoryPages: 16, fuelPerCall: 10_000_000, effectsPerCall: 64 };
const timer: MapperEvent = { type: "on_timer", id: 1 };

async function load(name: string): Promise<Guest> {
  const { wasm, manifest } = hostile(name);
  return Guest.create(await compileMapper(manifest, wasm, limits));
}

async function refusal(name: string): Promise<unknown> {
  return load(name).then(
    () => "accepted",
    (error: unknown) => error,
  );
}

/** Refused before or while the module is instantiated. */
const refused: Record<string, string> = {
  "loop-in-start-section": "SKERRY_RUNNER_TRAPPED",
  "import-in-start-section": "SKERRY_RUNNER_TRAPPED",
  "import-unknown": "SKERRY_RUNNER_BAD_IMPORT",
  "import-wasi": "SKERRY_RUNNER_BAD_IMPORT",
  "import-extism": "SKERRY_RUNNER_BAD_IMPORT",
  "import-unlisted": "SKERRY_RUNNER_BAD_IMPORT",
  "missing-export": "SKERRY_RUNNER_BAD_EXPORT",
  "missing-memory": "SKERRY_RUNNER_BAD_EXPORT",
  "half-state": "SKERRY_RUNNER_BAD_EXPORT",
  program: "SKERRY_RUNNER_BAD_EXPORT",
  "wrong-abi": "SKERRY_RUNNER_WRONG_ABI",
  "no-abi": "SKERRY_RUNNER_WRONG_ABI",
  "two-abis": "SKERRY_RUNNER_WRONG_ABI",
};

/** Stopped in its first `on_timer`. */
const stopped: Record<string, string> = {
  trap: "SKERRY_RUNNER_TRAPPED",
  "trap-after-effects": "SKERRY_RUNNER_TRAPPED",
  growth: "SKERRY_RUNNER_TRAPPED",
  recursion: "SKERRY_RUNNER_TRAPPED",
  failure: "SKERRY_RUNNER_FAILED",
  "wide-result": "SKERRY_RUNNER_FAILED",
  "effect-flood": "SKERRY_RUNNER_FLOODED",
  "input-flood": "SKERRY_RUNNER_FLOODED",
  "bad-read-pointer": "SKERRY_RUNNER_TRAPPED",
  "bad-write-pointer": "SKERRY_RUNNER_TRAPPED",
  "import-of-wrong-type": "SKERRY_RUNNER_TRAPPED",
};

/** Well-behaved towards the runner; the host deals with them. */
const forHost = [
  "harmless",
  "loop-in-start",
  "loop-in-bytes",
  "timer-flood",
  "log-flood",
  "open-elsewhere",
  "open-many",
  "bad-property",
  "bad-value",
];

describe("hostile guests", () => {
  it("are all accounted for", () => {
    expect([...Object.keys(refused), ...Object.keys(stopped), ...forHost].sort()).toEqual([...hostileNames].sort());
    expect(hostileNames.length).toBeGreaterThan(30);
  });

  it.each(Object.entries(refused))("%s is refused with %s", async (name, code) => {
    const error = await refusal(name);
    expect(errorCode(error)).toBe(code);
    expect((error as Error).message).toContain(name);
  });

  it.each(Object.entries(stopped))("%s is stopped with %s", async (name, code) => {
    const guest = await load(name);
    expect(guest.call({ type: "start", config: "abi=0\n" })).toMatchObject({ effects: [], fault: undefined });
    const { fault, effects } = guest.call(timer);
    expect(fault).toMatchObject({ code, details: { mapper: name, event: "on_timer" } });
    expect(effects.every(({ type }) => type === "log")).toBe(true);
    expect(() => guest.call(timer)).toThrow(expect.objectContaining({ code: "SKERRY_RUNNER_STOPPED" }));
  });

  it("that run for ever are stopped by fuel, and named", async () => {
    const guest = await load("loop-in-start");
    const { fault, fuel } = guest.call({ type: "start", config: "" });
    expect(fault).toMatchObject({ code: "SKERRY_RUNNER_OUT_OF_FUEL", family: "guest" });
    expect(fuel).toBeGreaterThanOrEqual(limits.fuelPerCall);
  });

  it("that trap keep their log lines and nothing else", async () => {
    const guest = await load("trap-after-effects");
    expect(guest.call(timer).effects).toEqual([{ type: "log", level: "warn", text: "alas!" }]);
  });

  it("leave other guests of the same module alone", async () => {
    const { wasm, manifest } = hostile("trap");
    const mapper = await compileMapper(manifest, wasm, limits);
    const [one, other] = await Promise.all([Guest.create(mapper), Guest.create(mapper)]);
    expect(one.call(timer).fault).toBeDefined();
    expect(other.call({ type: "on_open", stream: 1 }).fault).toBeUndefined();
  });
});

describe("limits in mapper.json", () => {
  it("over what the node allows are denied", async () => {
    const { wasm, manifest } = hostile("harmless");
    const compile = (asked: object) => compileMapper({ ...manifest, limits: asked }, wasm, limits);
    await expect(compile({ memoryPages: 17 })).rejects.toMatchObject({ code: "SKERRY_RUNNER_LIMIT" });
    const error = await compile({ fuelPerCall: 1e9 }).catch((reason: unknown) => reason);
    expect(errorFamily(error)).toBe("denied");
    expect((await compile({ memoryPages: 1, fuelPerCall: 5 })).limits).toMatchObject({
      memoryPages: 1,
      fuelPerCall: 5,
    });
  });
});
