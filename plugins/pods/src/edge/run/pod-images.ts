import type { Image, WorkloadRuntime } from "@skerry/contracts";
import { errorCode, errorFamily, errorMessage } from "@skerry/plugin";
import { pullSecretsFor } from "../containers/image-credentials.ts";
import { durationText } from "../plan/back-off.ts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import type { Pod, PodContainer } from "../pod/pod.ts";
import type { PodContext } from "./pod-context.ts";

/** An empty root: there is nothing to fetch. */
const emptyImage = "scratch";
/** How long a failed pull is shown before the pause after it. */
const shownMs = 1_500;

/** Gets the images of one Pod's containers. While one cannot be had, its container is held. */
export class PodImages {
  /** The image that was pulled for the next attempt of a container, by its name. */
  readonly #pulled = new Map<string, { readonly attempt: number; readonly id: string }>();
  /** The last failure to pull an image. */
  readonly #failures = new Map<string, string>();

  constructor(private readonly context: PodContext) {}

  /** The id of the image, or `undefined` when the container is held because of it. */
  async idFor(pod: Pod, view: ContainerView, attempt: number, runtime: WorkloadRuntime): Promise<string | undefined> {
    const { spec } = view;
    const { name, image = "" } = spec;
    const pulled = this.#pulled.get(name);
    if (pulled?.attempt === attempt) return pulled.id;
    const present = await this.#present(runtime, image, view);
    if (present === "unknown") return undefined;
    const policy = policyOf(spec);
    const { events } = this.context;
    if (present !== undefined && (policy !== "Always" || image === emptyImage)) {
      events.normal("Pulled", `Container image "${image}" already present on machine`, fieldPathOf(view));
      return present.id;
    }
    if (policy === "Never") {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      events.warn("ErrImageNeverPull", message, fieldPathOf(view));
      this.#failed(view, "ErrImageNeverPull", message, this.#now() + 10_000);
      return undefined;
    }
    if (!this.#isPaused(view, image)) this.#pull(pod, view, attempt, runtime, present);
    return undefined;
  }

  async #present(runtime: WorkloadRuntime, image: string, view: ContainerView): Promise<Image | undefined | "unknown"> {
    try {
      return await runtime.images.status(image);
    } catch (error) {
      const message = errorMessage(error);
      const isName = errorCode(error) === "SKERRY_RUNTIME_BAD_IMAGE_NAME";
      this.context.events.warn("InspectFailed", `Failed to inspect image "${image}": ${message}`, fieldPathOf(view));
      this.#failed(view, isName ? "InvalidImageName" : "ImageInspectError", message, this.#now() + 10_000);
      return "unknown";
    }
  }

  #isPaused(view: ContainerView, image: string): boolean {
    const { backOff, events } = this.context;
    const now = this.#now();
    const key = keyOf(image);
    const { remainingMs } = backOff.pause(key, backOff.lengthenedAt(key) ?? 0, now);
    if (remainingMs <= 0) return false;
    events.normal("BackOff", `Back-off pulling image "${image}"`, fieldPathOf(view));
    const why = this.#failures.get(image);
    const message = `Back-off pulling image "${image}"${why === undefined ? "" : `: ${why}`}`;
    this.#failed(view, "ImagePullBackOff", message, now + remainingMs);
    return true;
  }

  #pull(pod: Pod, view: ContainerView, attempt: number, runtime: WorkloadRuntime, present: Image | undefined): void {
    const { node, events, holds, objects, touch } = this.context;
    const { name, image = "" } = view.spec;
    const { credentials, missing } = pullSecretsFor(image, pod, objects);
    if (missing.length > 0) {
      const which = `(${missing.join(", ")}); attempting to pull the image may not succeed.`;
      events.warn("FailedToRetrieveImagePullSecret", `Unable to retrieve some image pull secrets ${which}`);
    }
    events.normal("Pulling", `Pulling image "${image}"`, fieldPathOf(view));
    holds.hold(name, undefined, { until: Number.POSITIVE_INFINITY, isLoose: false });
    const begun = this.#now();
    const had = (found: Image, sentence: string) => {
      events.normal("Pulled", sentence, fieldPathOf(view));
      this.#pulled.set(name, { attempt, id: found.id });
      holds.release(name);
    };
    node.pulls
      .pull(runtime, image, credentials)
      .then((found) => {
        const took = tookText(this.#now() - begun);
        had(
          found,
          `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${found.bytes} bytes.`,
        );
      })
      .catch((error: unknown) => {
        // Cut off, a node goes on with what it has.
        if (present !== undefined && errorFamily(error) === "unavailable") {
          had(
            present,
            `Container image "${image}" already present on machine, and its registry cannot be asked: ${errorMessage(error)}`,
          );
        } else this.#pullFailed(view, error);
      })
      .finally(touch);
  }

  #pullFailed(view: ContainerView, error: unknown): void {
    const { backOff, events } = this.context;
    const { image = "" } = view.spec;
    const now = this.#now();
    const isName = errorCode(error) === "SKERRY_RUNTIME_BAD_IMAGE_NAME";
    const reason = isName ? "InvalidImageName" : "ErrImagePull";
    const message = errorMessage(error);
    events.warn("Failed", `Failed to pull image "${image}": ${message}`, fieldPathOf(view));
    backOff.lengthen(keyOf(image), now, now);
    this.#failures.set(image, `${reason}: ${message}`);
    this.#failed(view, reason, message, isName ? now + 10_000 : now + shownMs);
  }

  #failed(view: ContainerView, reason: string, message: string, until: number): void {
    const { events, holds } = this.context;
    events.warn("Failed", `Error: ${reason}`, fieldPathOf(view));
    holds.hold(view.spec.name, { reason, message }, { until, isLoose: true });
  }

  #now(): number {
    return this.context.node.clock.monotonic();
  }
}

function keyOf(image: string): string {
  return `image ${image}`;
}

/** As the API defaults it. */
function policyOf({ imagePullPolicy, image = "" }: PodContainer): "Always" | "IfNotPresent" | "Never" {
  if (imagePullPolicy !== undefined) return imagePullPolicy;
  const isFixed = image.includes("@") || /:(?!latest$)[^:/]+$/.test(image);
  return isFixed ? "IfNotPresent" : "Always";
}

function tookText(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : durationText(ms);
}
