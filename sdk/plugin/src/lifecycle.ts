/**
 * What the host calls on an object that a plugin provided, contributed or runs. Constructors only
 * store; input and output begin in `start`.
 */
export interface Startable {
  /**
   * @param signal aborted when the start deadline passes or the node stops while starting
   */
  start(signal: AbortSignal): Promise<void>;
}

/** Called in reverse order of start, each within a deadline; a failure does not keep others from stopping. */
export interface Stoppable {
  stop(): Promise<void>;
}

export function isStartable(value: object): value is Startable {
  return "start" in value && typeof value.start === "function";
}

export function isStoppable(value: object): value is Stoppable {
  return "stop" in value && typeof value.stop === "function";
}
