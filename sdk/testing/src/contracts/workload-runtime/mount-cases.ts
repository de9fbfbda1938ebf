import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { RuntimeHarness, type WorkloadRuntimeContractOptions } from "./harness.ts";

/** What the contract says of the files that a container sees. */
export function mountCases(options: WorkloadRuntimeContractOptions): void {
  async function openWithFolder() {
    const harness = await RuntimeHarness.open(options);
    const hostPath = join(harness.folder, "data");
    await mkdir(hostPath);
    const mount = { containerPath: "/data", hostPath, readOnly: false };
    return { harness, hostPath, mount };
  }

  it("lets it read what is mounted, through links within the mount", async () => {
    const { harness, hostPath, mount } = await openWithFolder();
    await mkdir(join(hostPath, "..2026"));
    await writeFile(join(hostPath, "..2026", "key"), "a value\n");
    await symlink("..2026", join(hostPath, "..data"));
    await symlink("..data/key", join(hostPath, "key"));
    const id = await harness.run({ does: "reads", path: "/data/key" }, { mounts: [{ ...mount, readOnly: true }] });
    expect(await harness.exited(id)).toMatchObject({ exitCode: 0 });
    await vi.waitFor(async () => expect((await harness.log()).map(({ text }) => text)).toEqual(["a value"]));
  });

  it("has what it writes on the node", async () => {
    const { harness, hostPath, mount } = await openWithFolder();
    const id = await harness.run({ does: "writes", path: "/data/out", text: "written" }, { mounts: [mount] });
    expect(await harness.exited(id)).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(hostPath, "out"), "utf8")).toBe("written");
  });

  it("writes nothing where it may only read", async () => {
    const { harness, hostPath, mount } = await openWithFolder();
    await writeFile(join(hostPath, "out"), "as it was");
    const mounts = [{ ...mount, readOnly: true }];
    const id = await harness.run({ does: "writes", path: "/data/out", text: "written" }, { mounts });
    expect(await harness.exited(id)).toMatchObject({ exitCode: 1 });
    expect(await readFile(join(hostPath, "out"), "utf8")).toBe("as it was");
  });

  it("sees nothing of the node that is not mounted, whatever links say", async () => {
    const { harness, hostPath, mount } = await openWithFolder();
    await writeFile(join(harness.folder, "secret"), "not yours");
    await symlink(join(harness.folder, "secret"), join(hostPath, "absolute"));
    await symlink("../secret", join(hostPath, "relative"));
    for (const path of ["/data/absolute", "/data/relative", join(harness.folder, "secret"), "/data/../secret"]) {
      const id = await harness.run({ does: "reads", path }, { mounts: [mount] });
      expect(await harness.exited(id), path).toMatchObject({ exitCode: 1 });
    }
    expect(JSON.stringify(await harness.log())).not.toContain("not yours");
  });
}
