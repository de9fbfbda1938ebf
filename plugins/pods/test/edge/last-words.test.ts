import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const file = (world: EdgeWorld, name: string) =>
  world.runtime.named(name)?.config.mounts.find(({ containerPath }) => containerPath === "/dev/termination-log");

it("a container of a container runtime has a file for its last words, of which the end is kept", async () => {
  const world = await EdgeWorld.withContainers(podObject({ restartPolicy: "Never" }));
  const mount = file(world, "main");
  expect(mount?.readOnly).toBe(false);
  await writeFile(mount?.hostPath ?? "", `${"x".repeat(5_000)}the end`);
  await world.exit("main", 1);
  const message = world.main()?.state.terminated?.message ?? "";
  expect([message.length, message.endsWith("the end")]).toEqual([4096, true]);
});

it("twelve KiB are all that a Pod's containers say together; each attempt has a file of its own", async () => {
  const names = ["a", "b", "c", "d"];
  const world = await EdgeWorld.withContainers(podObject({ containers: names.map((name) => container({ name })) }));
  for (const name of names) {
    const first = file(world, name)?.hostPath ?? "";
    await writeFile(first, "x".repeat(5_000));
    await world.exit(name, 1);
    expect(file(world, name)?.hostPath).not.toBe(first);
  }
  const said = world.status().containerStatuses.map(({ lastState }) => lastState.terminated?.message?.length);
  expect(said).toEqual([3072, 3072, 3072, 3072]);
});
