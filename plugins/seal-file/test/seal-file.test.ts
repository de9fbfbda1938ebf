import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sealer, statusSectionPoint } from "@skerry/contracts";
import { SeededRandom, sealerContract, startTestNode } from "@skerry/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { AesSealer, plugin, readSealKey } from "../src/index.ts";

const random = new SeededRandom(1);

sealerContract({
  name: "seal-file",
  open: () => Object.assign(new AesSealer(Buffer.alloc(32, 7), random), { keeper: "test" }),
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "skerry-seal-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const badKey = (problem: string) =>
  expect.objectContaining({
    code: "SKERRY_SEAL_BAD_KEY",
    details: expect.objectContaining({ problem: expect.stringContaining(problem) }),
  });

describe("the key to seal by", () => {
  it("is made at the first start, for its owner alone, and is the same afterwards", async () => {
    const file = join(await folder(), "keys/seal.key");
    const first = readSealKey(file, undefined, random);
    expect([first.isNew, first.keeper, first.key.length]).toEqual([true, `file ${file}`, 32]);
    expect([(await stat(file)).mode & 0o777, (await stat(join(file, ".."))).mode & 0o777]).toEqual([0o600, 0o700]);
    const again = readSealKey(file, undefined, random);
    expect([again.isNew, Buffer.from(again.key).equals(first.key)]).toEqual([false, true]);
  });

  it("is systemd's credential where there is one, and no file is made", async () => {
    const [credentials, home] = [await folder(), await folder()];
    await writeFile(join(credentials, "skerry-seal-key"), Buffer.alloc(32, 9));
    const { key, keeper } = readSealKey(join(home, "seal.key"), credentials, random);
    expect([Buffer.from(key).equals(Buffer.alloc(32, 9)), keeper]).toEqual([
      true,
      "systemd credential skerry-seal-key",
    ]);
    await expect(stat(join(home, "seal.key"))).rejects.toThrow("ENOENT");
  });

  it("is refused when others can read it, or it is none", async () => {
    const file = join(await folder(), "seal.key");
    await writeFile(file, "short", { mode: 0o600 });
    expect(() => readSealKey(file, undefined, random)).toThrow(badKey("has 5 bytes"));
    await writeFile(file, Buffer.alloc(32));
    await chmod(file, 0o640);
    expect(() => readSealKey(file, undefined, random)).toThrow(badKey("mode 640"));
    expect(() => readSealKey("/dev/null/seal.key", undefined, random)).toThrow(badKey("cannot be"));
  });
});

describe("the sealer of a node", () => {
  it("opens after a restart what it sealed before, and by another key nothing", async () => {
    const home = await folder();
    const start = () => startTestNode({ plugins: [plugin], node: { home } });
    const first = await start();
    const sealed = first.service(Sealer).seal(Buffer.from("x"), "a");
    const [section] = first.contributions(statusSectionPoint);
    const keeper = `file ${join(home, "seal.key")}`;
    expect((await section?.value.collect())?.lines).toEqual([`Secrets are sealed by the key of the ${keeper}`]);
    await first.stop();
    const second = await start();
    expect(Buffer.from(second.service(Sealer).open(sealed, "a")).toString()).toBe("x");
    await second.stop();
    expect(await readFile(join(home, "seal.key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    await rm(join(home, "seal.key"));
    const third = await start();
    expect(() => third.service(Sealer).open(sealed, "a")).toThrow(
      expect.objectContaining({ code: "SKERRY_SEAL_BROKEN" }),
    );
    await third.stop();
  });
});
