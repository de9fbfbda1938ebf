import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { RuntimeHarness } from "./runtime-harness.ts";
import { assemble, command } from "./wasi-programs.ts";

/** Prints a line each 10 ms. */
const ticks = command(
  ["fd_write", "poll_oneoff"],
  `(i32.store (i32.const 16) (i32.const 1))
   (i64.store (i32.const 24) (i64.const 10000000))
   (i32.store (i32.const 2048) (i32.const 1024))
   (i32.store (i32.const 2052) (i32.const 5))
   (loop $again
     (drop (call $fd_write (i32.const 1) (i32.const 2048) (i32.const 1) (i32.const 2056)))
     (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
     (br $again))`,
  `(data (i32.const 1024) "tick\\0a")`,
);

/** Runs a neighbour; the function returned resolves when it has gone on since. */
async function withNeighbour(settings: Parameters<typeof RuntimeHarness.create>[0] = {}) {
  const harness = await RuntimeHarness.create(settings);
  await harness.run(ticks, { name: "neighbour", logPath: "neighbour.log" });
  const lines = async () => (await harness.log("neighbour.log").catch(() => "")).split("\n").length;
  const goesOn = async () => {
    const before = await lines();
    await vi.waitFor(async () => expect(await lines()).toBeGreaterThan(before + 3), { timeout: 5000 });
  };
  await goesOn();
  return { harness, goesOn };
}

const loops = "(loop $again (br $again))";

it.each([
  ["loops", command([], loops)],
  [
    "loops before it begins",
    assemble(`(module (memory (export "memory") 1) (func $s ${loops}) (start $s) (func (export "_start")))`),
  ],
])("one that %s is killed, and its neighbour goes on", async (_, module) => {
  const { harness, goesOn } = await withNeighbour();
  const id = await harness.run(module);
  await goesOn();
  await harness.runtime.stopContainer(id, 50);
  expect(await harness.get(id)).toMatchObject({ exitCode: 137, reason: "Error" });
  await goesOn();
});

it.each([
  ["traps", command([], "(unreachable)"), /unreachable/],
  ["divides by zero", command([], "(drop (i32.div_u (i32.const 1) (local.get $i)))"), /divide by zero|zero/],
  ["reads beyond its memory", command([], "(drop (i32.load (i32.const -8)))"), /out of bounds/],
  [
    "calls itself without end",
    assemble(`(module (memory (export "memory") 1) (func $f (export "_start") (call $f) (call $f)))`),
    /stack/i,
  ],
])("one that %s ends with 134 and a message", async (_, module, message) => {
  const { harness, goesOn } = await withNeighbour();
  const id = await harness.run(module);
  const exited = await harness.exited(id);
  expect(exited).toMatchObject({ exitCode: 134, reason: "Error" });
  expect(exited.message).toMatch(message);
  await goesOn();
});

it("one that allocates without end is OOMKilled at the limit of its Pod, or of the node", async () => {
  const { harness, goesOn } = await withNeighbour({ memoryBytes: 4_194_304 });
  const program = await harness.node.modules.program({ does: "eats memory" });
  const limited = await harness.run(program, { resources: { memoryLimitBytes: 8_388_608 } });
  const unlimited = await harness.run(program, { logPath: "other.log" });
  for (const id of [limited, unlimited]) {
    expect(await harness.exited(id)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  }
  await goesOn();
});

it("one that prints without end fills two files of the limit, not the disk", async () => {
  const { harness, goesOn } = await withNeighbour({ logBytes: 65_536 });
  const floods = command(
    ["fd_write"],
    `(i32.store (i32.const 2048) (i32.const 4096)) (i32.store (i32.const 2052) (i32.const 40000))
     (loop $again (drop (call $fd_write (i32.const 1) (i32.const 2048) (i32.const 1) (i32.const 2056))) (br $again))`,
  );
  const id = await harness.run(floods, { logPath: "flood/0.log" });
  const folder = join(harness.logs, "flood");
  await vi.waitFor(async () => expect((await readdir(folder)).sort()).toEqual(["0.log", "0.log.1"]));
  await goesOn();
  await harness.runtime.stopContainer(id, 5000);
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).size, name).toBeLessThanOrEqual(65_536 + 16_384 + 100);
  }
  await goesOn();
});

it("sees nothing of the node's environment", async () => {
  process.env["SKERRY_TEST_SECRET"] = "not yours";
  try {
    const harness = await RuntimeHarness.create();
    const prints = await harness.node.modules.program({ does: "prints", lines: [] });
    await harness.exited(await harness.run(prints, { env: [{ name: "A", value: "b" }] }));
    const texts = (await harness.log()).split("\n").map((line) => line.split(" F ")[1]);
    expect(texts).toEqual(["HOSTNAME=pod", "A=b", undefined]);
  } finally {
    delete process.env["SKERRY_TEST_SECRET"];
  }
});

it("takes no more containers than the setting, and the next when one has ended", async () => {
  const harness = await RuntimeHarness.create({ containers: 2 });
  const sleeps = await harness.node.modules.program({ does: "sleeps" });
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) ids.push(await harness.create(sleeps, { name, logPath: `${name}.log` }));
  const [first = "", second = "", third = ""] = ids;
  await Promise.all([harness.runtime.startContainer(first), harness.runtime.startContainer(second)]);
  await expect(harness.runtime.startContainer(third)).rejects.toMatchObject({
    code: "SKERRY_RUNTIME_FULL",
    family: "unavailable",
    message: "the runtime skerry-wasm runs 2 containers and takes no more",
  });
  expect((await harness.get(third)).state).toBe("created");
  await harness.runtime.stopContainer(first, 5000);
  await harness.runtime.startContainer(third);
  expect((await harness.get(third)).state).toBe("running");
});
