import type { Device, DeviceModel, DeviceStatus, JsonValue } from "@skerry/contracts";

export const demoModel: DeviceModel = {
  apiVersion: "devices.skerry.dev/v1alpha1",
  kind: "DeviceModel",
  metadata: { name: "demo-meter" },
  spec: {
    mapper: "modbus",
    properties: [
      { name: "voltage", type: "number", unit: "V", access: "read", deadband: 0.1, visit: {} },
      { name: "current", type: "number", unit: "A", access: "read", visit: {} },
      { name: "relay", type: "boolean", access: "readWrite", visit: {} },
      { name: "limit", type: "number", unit: "A", access: "readWrite", minimum: 1, maximum: 80, visit: {} },
    ],
  },
};

/** The demo model with another upper bound of `limit`. */
export function modelWithMaximum(maximum: number): DeviceModel {
  const properties = demoModel.spec.properties.map((property) =>
    property.name === "limit" ? { ...property, maximum } : property,
  );
  return { ...demoModel, spec: { ...demoModel.spec, properties } };
}

export function meter(
  options: {
    desired?: Record<string, JsonValue>;
    status?: DeviceStatus;
    uid?: string;
    node?: string;
    name?: string;
  } = {},
): Device {
  const { desired, status, uid = "uid-1", node = "edge-1", name = "meter-1" } = options;
  return {
    apiVersion: "devices.skerry.dev/v1alpha1",
    kind: "Device",
    metadata: { name, namespace: "default", uid, generation: 1 },
    spec: {
      model: "demo-meter",
      nodeName: node,
      connection: { tcp: { host: "127.0.0.1", port: 5020 }, unit: 1 },
      ...(desired === undefined ? {} : { desired }),
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** A version that was made at this millisecond. */
export function version(ms: number, origin = "cloud"): string {
  return `${String(ms).padStart(15, "0")}.00000.${origin}`;
}
