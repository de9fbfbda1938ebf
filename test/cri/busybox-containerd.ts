import { FakeRegistry } from "@skerry/testing";
import { publishBusybox } from "./busybox-image.ts";
import { Containerd } from "./containerd.ts";

/** A containerd of the test's own that has busybox, and the registry which serves it. */
export class BusyboxContainerd implements AsyncDisposable {
  private constructor(
    readonly registry: FakeRegistry,
    readonly containerd: Containerd,
    /** Busybox. */
    readonly image: string,
  ) {}

  static async start(): Promise<BusyboxContainerd> {
    const registry = await FakeRegistry.start();
    const image = await publishBusybox(registry);
    return new BusyboxContainerd(registry, await Containerd.start(image), image);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.containerd[Symbol.asyncDispose]();
    await this.registry[Symbol.asyncDispose]();
  }
}
