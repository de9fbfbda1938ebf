/** Why a container is not made yet: what its state shows, and what an event says. */
export class Waiting extends Error {
  readonly reason: string;
  /** Of the event. */
  readonly eventReason: string;

  constructor(reason: string, message: string, eventReason = "Failed") {
    super(message);
    this.reason = reason;
    this.eventReason = eventReason;
  }
}
