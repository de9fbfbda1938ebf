import type { Container, Logger, RuntimeChange, Sandbox } from "@skerry/contracts";
import type { RuntimeRecords } from "./records.ts";

export interface RuntimeStateOptions {
  readonly records: RuntimeRecords;
  readonly logger: Logger;
  readonly changed: (change: RuntimeChange) => void;
}

/** What the runtime knows, in memory and on disk: a change is on disk before it is seen. */
export class RuntimeState {
  readonly #records: RuntimeRecords;
  readonly #logger: Logger;
  readonly #changed: (change: RuntimeChange) => void;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();

  constructor({ records, logger, changed }: RuntimeStateOptions) {
    this.#records = records;
    this.#logger = logger;
    this.#changed = changed;
  }

  /** Takes what is on disk; what ran then has ended, and nobody saw how. */
  async load(now: number): Promise<void> {
    for (const sandbox of await this.#records.sandboxes()) this.#sandboxes.set(sandbox.id, sandbox);
    for (const container of await this.#records.containers()) this.#containers.set(container.id, container);
    for (const container of this.containers().filter(({ state }) => state === "running")) {
      const message = "the node went down while it ran";
      await this.end(container.id, now, { exitCode: 255, reason: "Unknown", message });
    }
  }

  sandboxes(): readonly Sandbox[] {
    return [...this.#sandboxes.values()];
  }

  containers(): readonly Container[] {
    return [...this.#containers.values()];
  }

  sandbox(id: string): Sandbox | undefined {
    return this.#sandboxes.get(id);
  }

  container(id: string): Container | undefined {
    return this.#containers.get(id);
  }

  containersOf(sandbox: string): readonly Container[] {
    return this.containers().filter((container) => container.sandbox === sandbox);
  }

  async putSandbox(sandbox: Sandbox): Promise<void> {
    await this.#records.putSandbox(sandbox);
    this.#sandboxes.set(sandbox.id, sandbox);
    this.#changed({ sandbox: sandbox.id });
  }

  async putContainer(container: Container): Promise<void> {
    await this.#records.putContainer(container);
    this.#putSeen(container);
  }

  /** A container that ran has ended. That is so also when it cannot be written: a restart then finds it running, and lost. */
  async end(id: string, now: number, exit: Pick<Container, "exitCode" | "reason" | "message">): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    const finishedAt = Math.max(now, container.startedAt ?? container.createdAt);
    const ended: Container = { ...container, ...exit, state: "exited", finishedAt };
    try {
      await this.#records.putContainer(ended);
    } catch (error) {
      this.#logger.warn("the end of a container was not written", { container: id, error });
    }
    this.#putSeen(ended);
  }

  async deleteContainer({ id, sandbox }: Container): Promise<void> {
    await this.#records.deleteContainer(id);
    this.#containers.delete(id);
    this.#changed({ sandbox, container: id });
  }

  async deleteSandbox(id: string): Promise<void> {
    const containers = this.containersOf(id);
    await this.#records.deleteSandbox(
      id,
      containers.map((container) => container.id),
    );
    for (const container of containers) this.#containers.delete(container.id);
    this.#sandboxes.delete(id);
    for (const container of containers) this.#changed({ sandbox: id, container: container.id });
    this.#changed({ sandbox: id });
  }

  #putSeen(container: Container): void {
    this.#containers.set(container.id, container);
    this.#changed({ sandbox: container.sandbox, container: container.id });
  }
}
