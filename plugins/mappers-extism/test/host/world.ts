import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceConnection, DeviceProperty, TwinDefinition } from "@skerry/contracts";
import { TcpNetwork, Twins } from "@skerry/contracts";
import type { MapperManifest } from "@skerry/mapper";
import { FakeClock, FakeTcpNetwork, FakeTwins, type LogRecord, startTestNode } from "@skerry/testing";
import { expect, onTestFinished, vi } from "vitest";
import { plugin } from "../../src/index.ts";
import { echoGuest } from "../built-guest.ts";
import { echoManifest } from "../echo-manifest.ts";
import { hostile } from "../hostile.ts";

export const meterAddress = { host: "127.0.0.1", port: 5020 };

const twoProperties: readonly DeviceProperty[] = [
  { name: "count", type: "integer", access: "read", every: "250ms", visit: {} },
  { name: "note", type: "string", access: "readWrite", visit: {} },
];

/** A booted node with this plugin, virtual time and network, and a folder of mappers. */
export async function world(settings: object = {}) {
  const directory = await mkdtemp(join(tmpdir(), "skerry-mappers-"));
  const clock = new FakeClock();
  const network = new FakeTcpNetwork({ clock });
  const twins = new FakeTwins();
  const log: LogRecord[] = [];
  const node = await startTestNode({
    plugins: [{ plugin, settings: { directory, ...settings } }],
    with: [
      [Twins, twins],
      [TcpNetwork, network],
    ],
    clock,
    log: (record) => log.push(record),
  });
  onTestFinished(async () => {
    await node.stop();
    await rm(directory, { recursive: true });
    expect(clock.pending).toBe(0);
    expect(network.openConnections).toBe(0);
  });

  const install = async (manifest: MapperManifest, wasm: Uint8Array) => {
    await mkdir(join(directory, manifest.id), { recursive: true });
    await writeFile(join(directory, manifest.id, "mapper.json"), JSON.stringify(manifest));
    await writeFile(join(directory, manifest.id, `${manifest.id}.wasm`), wasm);
  };
  return {
    ...{ node, clock, network, twins, log, directory, install },
    /** Puts modules of the corpus into the folder. */
    async installHostile(...names: readonly string[]) {
      for (const name of names) {
        const { wasm, manifest } = hostile(name);
        await install(manifest, wasm);
      }
    },
    installEcho: async () => install(echoManifest, await echoGuest()),
    /** The newest condition of a device, when its reason is this one. */
    async condition(device: string, type: "Connected" | "MapperReady", reason: string) {
      return vi.waitFor(() => {
        const found = twins.condition(device, type);
        expect(found?.reason, found?.message).toBe(reason);
        return found;
      });
    },
  };
}

export type World = Awaited<ReturnType<typeof world>>;

/** A device `factory/<name>` driven by `mapper`. */
export function twin(
  name: string,
  mapper: string,
  connection: DeviceConnection = { tcp: meterAddress },
  properties = twoProperties,
): TwinDefinition {
  const apiVersion = "devices.skerry.dev/v1alpha1";
  return {
    name: `factory/${name}`,
    device: {
      ...{ apiVersion, kind: "Device", metadata: { name, namespace: "factory" } },
      spec: { model: `${mapper}-model`, nodeName: "test-node", connection },
    },
    model: {
      ...{ apiVersion, kind: "DeviceModel", metadata: { name: `${mapper}-model` } },
      spec: { mapper, properties },
    },
  };
}
