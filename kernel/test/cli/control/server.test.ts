import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ControlServer } from "../../../src/cli/control/server.ts";

it("a control server stops although the disk lets it remove nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "skerry-control-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "control.json");
  const inspect = () =>
    ({ node: "n", profile: "edge", version: "0", state: "running", bootMs: 0, plugins: [] }) as const;
  const server = new ControlServer(
    { name: "n", profile: "edge", inspect, sections: () => [], commands: () => [] },
    file,
  );
  await server.start();
  // What is a folder is not removed as a file either.
  await rm(file);
  await mkdir(file);
  await expect(server.stop()).resolves.toBeUndefined();
});
