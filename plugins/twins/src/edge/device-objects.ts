import {
  type Device,
  type DeviceModel,
  deviceModelResource,
  deviceResource,
  type KubeObject,
  type ObjectRef,
  type TwinName,
} from "@skerry/contracts";

/** The Device in an object from the replica; `undefined` for one that no schema let through. */
export function asDevice(object: KubeObject | undefined): Device | undefined {
  const spec = object?.spec;
  if (!isRecord(spec) || typeof spec["model"] !== "string" || typeof spec["nodeName"] !== "string") return undefined;
  return isRecord(spec["connection"]) ? (object as Device) : undefined;
}

/** The DeviceModel in an object from the replica; `undefined` for one that no schema let through. */
export function asDeviceModel(object: KubeObject | undefined): DeviceModel | undefined {
  const spec = object?.spec;
  if (!isRecord(spec) || typeof spec["mapper"] !== "string" || !Array.isArray(spec["properties"])) return undefined;
  const named = spec["properties"].every(
    (property: unknown) => isRecord(property) && typeof property["name"] === "string" && isRecord(property["visit"]),
  );
  return named ? (object as DeviceModel) : undefined;
}

export function twinName({ namespace, name }: { readonly namespace?: string; readonly name: string }): TwinName {
  return `${namespace ?? "default"}/${name}`;
}

export function modelRef(name: string): ObjectRef {
  return { group: deviceModelResource.group, kind: deviceModelResource.kind, name };
}

export const deviceKinds = [deviceResource, deviceModelResource].map(({ group, kind }) => ({ group, kind }));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
