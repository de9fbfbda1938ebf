/** Why a container or volume is not made yet: what the state of the container shows, and what an event says. */
export class Waiting extends Error {
  /** As the state of a waiting container has it, for instance `CreateContainerConfigError`. */
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
