import {
  type Device,
  deviceModelResource,
  deviceResource,
  type KubeObject,
  type ReplicaInterest,
  type Route,
} from "@skerry/contracts";

const nobody: Route = { nodes: [], references: [] };

/** A Device concerns the node it is attached to, which also holds its DeviceModel. */
export class TwinsInterest implements ReplicaInterest {
  readonly resources = [deviceResource, deviceModelResource];

  route(object: KubeObject): Route {
    if (object.kind !== deviceResource.kind) return nobody;
    const { nodeName, model } = (object.spec ?? {}) as Partial<Device["spec"]>;
    if (typeof nodeName !== "string" || typeof model !== "string") return nobody;
    const { group, kind } = deviceModelResource;
    return { nodes: [nodeName], references: [{ group, kind, name: model }] };
  }

  /**
   * Leaves out what the edge itself reports, and what changes with every write of it, so that a report does not
   * travel down again.
   */
  project(object: KubeObject): KubeObject {
    const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata;
    const { status, ...rest } = object;
    const { desired, removedDesired } = (status ?? {}) as NonNullable<Device["status"]>;
    const kept = {
      ...(desired === undefined ? {} : { desired }),
      ...(removedDesired === undefined ? {} : { removedDesired }),
    };
    return Object.keys(kept).length === 0 ? { ...rest, metadata } : { ...rest, metadata, status: kept };
  }
}
