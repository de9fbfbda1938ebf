import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildGuest } from "@skerry/mapper/build-guest";
import { expect, it, onTestFinished } from "vitest";

const guest = (name: string) => fileURLToPath(new URL(`${name}/guest/index.ts`, import.meta.url));

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "skerry-guest-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it("compiles a guest once for all who ask, and again when a source is newer", { timeout: 120_000 }, async () => {
  const path = await folder();
  const options = { entry: guest("small"), outFile: join(path, "deep/small.wasm") };
  const built = await Promise.all([buildGuest(options), buildGuest(options)]);
  expect(built.map((each) => each.built).sort()).toEqual([false, true]);
  expect([...(await readFile(options.outFile)).subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
  expect(await readdir(join(path, "deep"))).toEqual(["small.wasm"]);
  expect(await buildGuest(options)).toEqual({ built: false });
  await utimes(options.outFile, new Date(0), new Date(0));
  expect(await buildGuest(options)).toEqual({ built: true });
});

it("says what the compiler says, and leaves nothing behind", { timeout: 60_000 }, async () => {
  const path = await folder();
  const broken = buildGuest({ entry: guest("broken"), outFile: join(path, "broken.wasm") });
  await expect(broken).rejects.toThrow(/cannot compile .*broken[\s\S]*TS2322[\s\S]*index\.ts\(3/);
  expect(await readdir(path)).toEqual([]);
});
