import type { Device, KubeObject, ObjectName } from "@skerry/contracts";

/** Which Devices each node has, by name alone. */
export class NodeIndex {
  readonly #nodes = new Map<string, string>();
  readonly #devices = new Map<string, Map<string, Required<ObjectName>>>();

  /** Takes over what a Device is now. */
  put(device: Device): void {
    this.remove(device);
    const { namespace = "default", name } = device.metadata;
    const key = `${namespace}/${name}`;
    const { nodeName } = device.spec;
    this.#nodes.set(key, nodeName);
    const devices = this.#devices.get(nodeName) ?? new Map<string, Required<ObjectName>>();
    this.#devices.set(nodeName, devices.set(key, { namespace, name }));
  }

  remove({ metadata: { namespace = "default", name } }: KubeObject): void {
    const key = `${namespace}/${name}`;
    const node = this.#nodes.get(key);
    if (node === undefined) return;
    this.#nodes.delete(key);
    const devices = this.#devices.get(node);
    devices?.delete(key);
    if (devices?.size === 0) this.#devices.delete(node);
  }

  devicesOf(node: string): readonly Required<ObjectName>[] {
    return [...(this.#devices.get(node)?.values() ?? [])];
  }
}
