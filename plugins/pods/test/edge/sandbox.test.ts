import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { hostsText } from "../../src/edge/run/hosts-file.ts";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const own = { network: "pod", pid: "container", ipc: "pod" };

it.each([
  [{}, own],
  [{ hostNetwork: true }, { ...own, network: "node" }],
  [{ hostPID: true }, { ...own, pid: "node" }],
  [{ hostIPC: true }, { ...own, ipc: "node" }],
  [{ shareProcessNamespace: true }, { ...own, pid: "pod" }],
])("%j: the sandbox has the namespaces %j", async (spec, namespaces) => {
  const world = await EdgeWorld.withContainers(podObject(spec));
  const [sandbox] = await world.runtime.sandboxes();
  expect(sandbox?.config).toMatchObject({ namespaces, isPrivileged: false });
});

it("a sandbox is privileged when a container in it is", async () => {
  const privileged = container({ name: "second", securityContext: { privileged: true } });
  const world = await EdgeWorld.withContainers(podObject({ containers: [container(), privileged] }));
  const [sandbox] = await world.runtime.sandboxes();
  expect(sandbox?.config.isPrivileged).toBe(true);
  const security = (name: string) => world.runtime.named(name)?.config.security?.privileged;
  expect([security("main"), security("second")]).toEqual([false, true]);
});

it("a host name is cut as the kubelet cuts it; on the node's network it is the node's", async () => {
  const name = `${"a".repeat(62)}-bcd`;
  const hostname = async (spec: object) => {
    const world = await EdgeWorld.withContainers(podObject({ ...spec }, { name }));
    return (await world.runtime.sandboxes())[0]?.config.hostname;
  };
  expect(await hostname({})).toBe("a".repeat(62));
  expect(await hostname({ hostname: "own" })).toBe("own");
  expect(await hostname({ hostNetwork: true })).toBe("");
});

it("a Pod on the node's network has the node's addresses", async () => {
  const world = await EdgeWorld.withContainers(podObject({ hostNetwork: true }));
  const { podIP, hostIP } = world.status() as unknown as { podIP?: string; hostIP?: string };
  expect(podIP).toBe(hostIP);
  expect(podIP).not.toBe("10.1.0.7");
});

it("its containers have an /etc/hosts with its name and aliases, but for those that mount their own", async () => {
  const mounts = [{ name: "own", mountPath: "/etc/hosts" }];
  const hostAliases = [{ ip: "10.9.9.9", hostnames: ["db", "db.example"] }];
  const world = await EdgeWorld.withContainers(
    podObject({
      hostAliases,
      containers: [container(), container({ name: "own", volumeMounts: mounts })],
      volumes: [{ name: "own", emptyDir: {} }],
    }),
  );
  const mount = (name: string) =>
    world.runtime.named(name)?.config.mounts.filter(({ containerPath }) => containerPath === "/etc/hosts") ?? [];
  expect(mount("own").map(({ hostPath }) => hostPath.endsWith("/etc-hosts"))).toEqual([false]);
  const [hosts] = mount("main");
  const text = await readFile(hosts?.hostPath ?? "", "utf8");
  expect(text).toMatch(/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/);
  expect(text).toMatch(/\n10\.1\.0\.7\tweb\n\n# Entries added by HostAliases\.\n10\.9\.9\.9\tdb\tdb\.example\n$/);
});

it("the node's own hosts are those of a Pod on its network", () => {
  const pod = podObject({ hostNetwork: true, hostAliases: [{ ip: "10.9.9.9", hostnames: ["db"] }] }) as never;
  const begin = "# Kubernetes-managed hosts file (host network).\n1.2.3.4\tnode\n";
  expect(hostsText(pod, [], "1.2.3.4\tnode\n")).toBe(`${begin}\n# Entries added by HostAliases.\n10.9.9.9\tdb\n`);
});

it("a Pod that has ended keeps the address it had", async () => {
  const world = await EdgeWorld.withContainers(podObject({ restartPolicy: "Never" }));
  expect(world.status().podIP).toBe("10.1.0.7");
  await world.exit("main", 0);
  expect([world.status().phase, world.status().podIP]).toEqual(["Succeeded", "10.1.0.7"]);
});
