import type { Clock, WorkloadRuntime } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import type { BackOff } from "./back-off.ts";
import type { PodContainer } from "./pod.ts";
import { Waiting } from "./waiting.ts";

export interface ImageParts {
  readonly clock: Clock;
  readonly backOff: BackOff;
  /** Tells a Normal event of a container. */
  tell(reason: string, message: string, container: string): void;
  /** Asks for another look after so many milliseconds. */
  again(ms: number): void;
}

/** Sees to the images of one Pod's containers, with the kubelet's policies, pauses and sentences. */
export class ContainerImages {
  /** When each image was last asked for, in milliseconds since the Unix epoch. */
  readonly #asked = new Map<string, number>();

  constructor(private readonly parts: ImageParts) {}

  /** The image's id; throws {@link Waiting} when it cannot be had now. */
  async need(runtime: WorkloadRuntime, container: PodContainer): Promise<string> {
    const { name, image = "", imagePullPolicy = "IfNotPresent" } = container;
    const present = await this.#present(runtime, image);
    if (present !== undefined && (imagePullPolicy !== "Always" || image === "scratch")) {
      this.parts.tell("Pulled", `Container image "${image}" already present on machine`, name);
      return present;
    }
    if (imagePullPolicy === "Never") {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      throw new Waiting("ErrImageNeverPull", message, "ErrImageNeverPull");
    }
    this.#checkPause(image);
    return this.#pull(runtime, image, name);
  }

  async #present(runtime: WorkloadRuntime, image: string): Promise<string | undefined> {
    try {
      return (await runtime.images.status(image))?.id;
    } catch (error) {
      throw pullFailure(image, error);
    }
  }

  #checkPause(image: string): void {
    const { clock, backOff } = this.parts;
    const remaining = backOff.remaining(keyOf(image), this.#asked.get(image) ?? 0, clock.now());
    if (remaining === 0) return;
    this.parts.again(remaining);
    throw new Waiting("ImagePullBackOff", `Back-off pulling image "${image}"`, "BackOff");
  }

  async #pull(runtime: WorkloadRuntime, image: string, name: string): Promise<string> {
    const { clock, backOff } = this.parts;
    this.parts.tell("Pulling", `Pulling image "${image}"`, name);
    this.#asked.set(image, clock.now());
    const pause = backOff.attempt(keyOf(image), clock.now());
    try {
      const { id, bytes } = await runtime.images.pull(image);
      this.parts.tell("Pulled", `Successfully pulled image "${image}". Image size: ${bytes} bytes.`, name);
      return id;
    } catch (error) {
      this.parts.again(pause);
      throw pullFailure(image, error);
    }
  }
}

function pullFailure(image: string, error: unknown): Waiting {
  const reason = errorCode(error) === "SKERRY_RUNTIME_BAD_IMAGE_NAME" ? "InvalidImageName" : "ErrImagePull";
  return new Waiting(reason, `Failed to pull image "${image}": ${errorMessage(error)}`);
}

function keyOf(image: string): string {
  return `image ${image}`;
}
