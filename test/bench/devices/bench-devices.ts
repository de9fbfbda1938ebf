import type { Kube } from "../../e2e/clients.ts";
import { until } from "../statistics.ts";

const api = "/apis/devices.skerry.dev/v1alpha1";

export interface SeenDevice {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly reported?: Readonly<Record<string, { readonly value: number; readonly at: string }>>;
  };
}

/** One kind of simulated device: how many, how many input registers each, how often they are read. */
export interface Fleet {
  readonly model: string;
  readonly devices: number;
  readonly values: number;
  readonly every: string;
  /** Also a holding register that can be set. */
  readonly isSettable?: boolean;
}

export const deviceName = (fleet: Fleet, index: number) => `${fleet.model}-${index}`;
export const devicePath = (name: string) => `${api}/namespaces/default/devices/${name}`;
export const watchPath = `${api}/namespaces/default/devices?watch=1`;

/** Creates model and devices, each device with input registers of its own, and waits until all are connected. */
export async function createFleet(kube: Kube, fleet: Fleet, port: number, firstAddress: number): Promise<void> {
  for (let index = 0; index < fleet.devices; index += 1) {
    const start = firstAddress + index * fleet.values;
    await post(kube, `${api}/devicemodels`, model(fleet, index, start));
    await post(kube, `${api}/namespaces/default/devices`, {
      apiVersion: "devices.skerry.dev/v1alpha1",
      kind: "Device",
      metadata: { name: deviceName(fleet, index) },
      spec: {
        model: deviceName(fleet, index),
        nodeName: "edge-1",
        connection: { tcp: { host: "127.0.0.1", port }, unit: 1 },
      },
    });
  }
  await until(
    `${fleet.devices} devices of ${fleet.model} connected`,
    async () => {
      const { items } = (await kube.get(`${api}/namespaces/default/devices`)).body as { items: SeenDevice[] };
      const mine = items.filter(({ metadata }) => metadata.name.startsWith(`${fleet.model}-`));
      return mine.length === fleet.devices && mine.every(isReporting) ? true : undefined;
    },
    60,
  );
}

export async function removeFleet(kube: Kube, fleet: Fleet): Promise<void> {
  for (let index = 0; index < fleet.devices; index += 1) {
    await kube.delete(devicePath(deviceName(fleet, index)));
    await kube.delete(`${api}/devicemodels/${deviceName(fleet, index)}`);
  }
}

function model({ model: name, values, every, isSettable = false }: Fleet, index: number, firstAddress: number) {
  const inputs = Array.from({ length: values }, (_, value) => ({
    name: `value${value}`,
    type: "integer",
    access: "read",
    every,
    visit: { table: "input", address: firstAddress + value, as: "uint16" },
  }));
  const target = {
    name: "target",
    type: "integer",
    access: "readWrite",
    every: "1s",
    visit: { table: "holding", address: 0, as: "uint16" },
  };
  return {
    apiVersion: "devices.skerry.dev/v1alpha1",
    kind: "DeviceModel",
    metadata: { name: `${name}-${index}` },
    spec: { mapper: "modbus", properties: isSettable ? [...inputs, target] : inputs },
  };
}

function isReporting({ status }: SeenDevice): boolean {
  const isConnected = status?.conditions?.some(({ type, status: state }) => type === "Connected" && state === "True");
  return isConnected === true && status?.reported?.["value0"] !== undefined;
}

async function post(kube: Kube, path: string, object: object): Promise<void> {
  const { status, body } = await kube.post(path, object);
  if (status !== 201) throw new Error(JSON.stringify(body));
}
