import { type Image, type ImageCredentials, type ImageService, runtimeErrors } from "@skerry/contracts";
import { type CriClient, CriFailure } from "../cri/cri-client.ts";
import type { Message } from "../cri/messages.ts";

const answerWithinMs = 10_000;
/** A large image over a slow line. */
const pullWithinMs = 60 * 60 * 1000;

/** The images of the runtime, which others may use as well. */
export class CriImages implements ImageService {
  readonly #client: CriClient;

  constructor(client: CriClient) {
    this.#client = client;
  }

  async status(image: string): Promise<Image | undefined> {
    if (!isReference(image)) return undefined;
    const { image: found } = await this.#client.call("ImageStatus", { image: { image } }, answerWithinMs);
    return found === null || found === undefined ? undefined : imageOf(found as Message);
  }

  async pull(image: string, login?: ImageCredentials): Promise<Image> {
    if (!isReference(image)) {
      const problem = "it is not a name, with a tag or digest, of lower-case letters, digits and . _ - /";
      throw runtimeErrors.create("SKERRY_RUNTIME_BAD_IMAGE_NAME", { image, problem });
    }
    const auth = login === undefined ? {} : { auth: { username: login.username, password: login.password } };
    try {
      await this.#client.call("PullImage", { image: { image }, ...auth }, pullWithinMs);
    } catch (error) {
      throw error instanceof CriFailure ? pullTrouble(image, error) : error;
    }
    const pulled = await this.status(image);
    if (pulled === undefined) {
      throw runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", { image, problem: "it is gone again" });
    }
    return pulled;
  }

  async list(): Promise<readonly Image[]> {
    const { images } = await this.#client.call("ListImages", {}, answerWithinMs);
    return (images as readonly Message[]).map(imageOf);
  }

  async remove(id: string): Promise<void> {
    await this.#client.call("RemoveImage", { image: { image: id } }, answerWithinMs);
  }
}

function imageOf({ id, repoTags, repoDigests, size, uid, username }: Message): Image {
  const names = [...(repoTags as readonly string[]), ...(repoDigests as readonly string[])];
  const number = (uid as { readonly value?: number } | null)?.value;
  const user = number ?? (username === "" ? undefined : String(username));
  return { id: String(id), names, bytes: Number(size), ...(user === undefined ? {} : { user }) };
}

const part = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
/** A name with a dot or a port, or this machine: else it is a part of the path. */
const registry = "(?:[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+(?::\\d+)?|[a-zA-Z0-9-]+:\\d+|localhost)";
const reference = new RegExp(`^(?:${registry}/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`);

/** `[registry/]name[:tag][@digest]`, or an id. */
function isReference(image: string): boolean {
  return image.length <= 512 && reference.test(image);
}

function pullTrouble(image: string, failure: CriFailure): Error {
  const { kind, message } = failure;
  const problem = message.slice(0, 500);
  const isMissing =
    kind !== "other" ||
    /not found|401 Unauthorized|403 Forbidden|authorization failed|insufficient_scope/i.test(message);
  return isMissing
    ? runtimeErrors.create("SKERRY_RUNTIME_IMAGE_NOT_FOUND", { image, problem }, failure)
    : runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", { image, problem }, failure);
}
