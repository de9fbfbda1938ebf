import type { ControlClient } from "../control/client.ts";
import type { SeenObject } from "./landmarks.ts";

/** The Kubernetes API as the cloud kernel's own commands reach it. */
export class Cluster {
  readonly #cloud: ControlClient;

  constructor(cloud: ControlClient) {
    this.#cloud = cloud;
  }

  /** An object of the default namespace, or of none; `undefined` when it does not exist or cannot be had now. */
  async get(resource: string, name: string): Promise<SeenObject | undefined> {
    let text = "";
    const call = { arguments: [resource, name, "-o", "json"], directory: "/" };
    const exit = await this.#cloud.run("get", call, (message) => {
      if ("out" in message) text += message.out;
    });
    return exit === 0 ? (JSON.parse(text) as SeenObject) : undefined;
  }

  /** @throws Error with what the API server said when an object is refused */
  async apply(file: string): Promise<void> {
    let said = "";
    const exit = await this.#cloud.run("apply", { arguments: ["-f", file], directory: "/" }, (message) => {
      if ("err" in message) said += message.err;
    });
    if (exit !== 0) throw new Error(`skerry apply -f ${file}: ${said.trim()}`);
  }
}
