import type { Image, ImageCredentials, WorkloadRuntime } from "@skerry/contracts";

/** The pulls of a node: Pods that want the same image at the same time share one. */
export class ImagePulls {
  readonly #running = new Map<string, Promise<Image>>();

  pull(runtime: WorkloadRuntime, image: string, credentials: ImageCredentials | undefined): Promise<Image> {
    const key = JSON.stringify([runtime.info.name, image, credentials]);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const pull = runtime.images.pull(image, credentials).finally(() => this.#running.delete(key));
    this.#running.set(key, pull);
    return pull;
  }
}
