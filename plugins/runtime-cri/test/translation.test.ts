import { describe, expect, it } from "vitest";
import { changesBetween, snapshot } from "../src/runtime/changes.ts";
import { containerMessage, containerOf, resourcesMessage } from "../src/runtime/container-message.ts";
import { kept, keptConfig } from "../src/runtime/kept-config.ts";
import { addressesOf, sandboxMessage, sandboxOf } from "../src/runtime/sandbox-message.ts";
import { plainSandbox } from "./sandbox.ts";

const config = {
  name: "main",
  attempt: 0,
  image: "a",
  imageId: "sha256:0",
  command: [],
  args: [],
  env: [],
  mounts: [],
  resources: {},
  logPath: "0.log",
  labels: {},
  annotations: { own: "1" },
};

describe("resources", () => {
  it.each([
    [{}, { oomScoreAdj: 0, cpuShares: 2 }],
    [{ oomScoreAdj: 999 }, { oomScoreAdj: 999, cpuShares: 2 }],
    [{ cpuRequestMillis: 250 }, { oomScoreAdj: 0, cpuShares: 256 }],
    [{ cpuLimitMillis: 500 }, { oomScoreAdj: 0, cpuShares: 512, cpuPeriod: 100_000, cpuQuota: 50_000 }],
    [
      { cpuLimitMillis: 1, cpuRequestMillis: 1 },
      { oomScoreAdj: 0, cpuShares: 2, cpuPeriod: 100_000, cpuQuota: 1_000 },
    ],
    [{ memoryLimitBytes: 1 << 24 }, { oomScoreAdj: 0, cpuShares: 2, memoryLimitInBytes: 1 << 24 }],
  ])("%j are those of cgroups, as the kubelet has them: %j", (resources, message) => {
    expect(resourcesMessage(resources)).toEqual(message);
  });
});

describe("a container", () => {
  const listed = { id: "c", podSandboxId: "s", createdAt: 1_700_000_000_123_000_000, annotations: kept(config) };
  const read = (status: object) => containerOf(listed, { exitCode: 0, reason: "", message: "", ...status });

  it("is what was asked for, with times in milliseconds", () => {
    expect(read({ state: "CONTAINER_RUNNING", startedAt: 1_700_000_001_000_000_000, finishedAt: 0 })).toEqual({
      id: "c",
      sandbox: "s",
      config,
      state: "running",
      createdAt: 1_700_000_000_123,
      startedAt: 1_700_000_001_000,
    });
  });

  it.each([
    [{ state: "CONTAINER_EXITED", exitCode: 0, reason: "Completed" }, "Completed"],
    [{ state: "CONTAINER_EXITED", exitCode: 3, reason: "" }, "Error"],
    [{ state: "CONTAINER_EXITED", exitCode: 137, reason: "OOMKilled" }, "OOMKilled"],
    [{ state: "CONTAINER_EXITED", exitCode: 128, reason: "StartError" }, "StartError"],
    [{ state: "CONTAINER_UNKNOWN", exitCode: 0, reason: "" }, "Unknown"],
  ])("that ended as %j ended by %s", (status, reason) => {
    expect(read(status)).toMatchObject({ state: "exited", exitCode: status.exitCode, reason });
  });

  it("of somebody else, or whose record was spoiled, is none of ours", () => {
    expect(containerOf({ ...listed, annotations: {} }, {})).toBeUndefined();
    expect(keptConfig({ "edge.skerry.dev/config": "{" })).toBeUndefined();
    expect(keptConfig(undefined)).toBeUndefined();
    expect(sandboxOf({ id: "s", annotations: {} }, [])).toBeUndefined();
  });
});

it("a sandbox and its containers have the namespaces that were asked for", () => {
  const shared = {
    ...plainSandbox,
    namespaces: { network: "node", pid: "pod", ipc: "node" },
    isPrivileged: true,
  } as const;
  const of = (message: object) => (message as { linux: { securityContext: object } }).linux.securityContext;
  const own = { network: "POD", pid: "CONTAINER", ipc: "POD" };
  expect(of(sandboxMessage(plainSandbox, "/x"))).toMatchObject({ namespaceOptions: own, privileged: false });
  const namespaceOptions = { network: "NODE", pid: "POD", ipc: "NODE" };
  expect(of(sandboxMessage(shared, "/x"))).toEqual({ namespaceOptions, privileged: true });
  expect(of(containerMessage(config, shared))).toMatchObject({ namespaceOptions, privileged: false });
});

it("a sandbox has its addresses, the first one first", () => {
  const network = { ip: "10.0.0.2", additionalIps: [{ ip: "fd00::2" }] };
  expect([addressesOf({ network }), addressesOf({ network: null }), addressesOf(undefined)]).toEqual([
    ["10.0.0.2", "fd00::2"],
    [],
    [],
  ]);
});

it("a look finds what came, went, or is in another state", () => {
  const sandbox = { id: "s", config: {} as never, state: "ready", createdAt: 0, ips: [] } as const;
  const container = { id: "c", sandbox: "s", config, state: "running", createdAt: 0 } as const;
  const [none, both] = [snapshot([], []), snapshot([sandbox], [container])];
  expect(changesBetween(none, both)).toEqual([{ sandbox: "s" }, { sandbox: "s", container: "c" }]);
  expect(changesBetween(both, snapshot([sandbox], [{ ...container, state: "exited" }]))).toEqual([
    { sandbox: "s", container: "c" },
  ]);
  expect(changesBetween(both, both)).toEqual([]);
  expect(changesBetween(both, none)).toHaveLength(2);
});
