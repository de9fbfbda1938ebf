import { type Image, type ImageCredentials, type ImageService, runtimeErrors } from "@skerry/contracts";

/** A registry and the images of a node, in memory. `pull` takes an image from one to the other. */
export class FakeImageService implements ImageService {
  /** What was pulled, in order, with the credentials. */
  readonly pulls: { readonly image: string; readonly credentials?: ImageCredentials }[] = [];
  readonly #enter: (verb: "pull" | "status") => Promise<void>;
  readonly #offered = new Map<string, { readonly id: string; readonly bytes: number }>();
  readonly #present = new Map<string, { readonly id: string; readonly bytes: number }>();

  /** @param enter called at each verb; rejects when it is to fail */
  constructor(enter: (verb: "pull" | "status") => Promise<void>) {
    this.#enter = enter;
  }

  /** The registry has this image from now on. Another id is another image: the next pull takes it. */
  offer(
    image: string,
    { id = fakeDigest(image), bytes = 1000 }: { readonly id?: string; readonly bytes?: number } = {},
  ) {
    this.#offered.set(image, { id, bytes });
  }

  /** Offers the image, and it is on the node already. */
  place(image: string, options: { readonly id?: string; readonly bytes?: number } = {}): void {
    this.offer(image, options);
    const offered = this.#offered.get(image);
    if (offered !== undefined) this.#present.set(image, offered);
  }

  /** The registry has it no more; a node that pulled it keeps it. */
  withdraw(image: string): void {
    this.#offered.delete(image);
  }

  async status(image: string): Promise<Image | undefined> {
    await this.#enter("status");
    const found = this.#present.get(image);
    return found && this.#describe(found.id);
  }

  async pull(image: string, credentials?: ImageCredentials): Promise<Image> {
    await this.#enter("pull");
    this.pulls.push({ image, ...(credentials && { credentials }) });
    if (!/^[a-z0-9][\w./:@-]*$/.test(image)) {
      throw runtimeErrors.create("SKERRY_RUNTIME_BAD_IMAGE_NAME", { image, problem: "it has characters no name has" });
    }
    const offered = this.#offered.get(image);
    if (offered === undefined) {
      throw runtimeErrors.create("SKERRY_RUNTIME_IMAGE_NOT_FOUND", { image, problem: "the registry does not know it" });
    }
    this.#present.set(image, offered);
    return this.#describe(offered.id);
  }

  async list(): Promise<readonly Image[]> {
    await this.#enter("status");
    return [...new Set([...this.#present.values()].map(({ id }) => id))].map((id) => this.#describe(id));
  }

  async remove(id: string): Promise<void> {
    await this.#enter("status");
    for (const [name, image] of this.#present) if (image.id === id) this.#present.delete(name);
  }

  /** Whether an image with this id is on the node. */
  has(id: string): boolean {
    return [...this.#present.values()].some((image) => image.id === id);
  }

  #describe(id: string): Image {
    const of = [...this.#present].filter(([, image]) => image.id === id);
    return { id, names: of.map(([name]) => name), bytes: of[0]?.[1].bytes ?? 0 };
  }
}

/** The id that a fake image has when none is given: always the same for one name. */
function fakeDigest(image: string): string {
  return `sha256:${Buffer.from(image).toString("hex").padEnd(64, "0").slice(0, 64)}`;
}
