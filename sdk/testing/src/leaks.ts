import { setTimeout as wait } from "node:timers/promises";
import type { FakeClock } from "./fakes/clock.ts";

export interface LeakOptions {
  /** Clocks on which no timer may be left. */
  readonly clocks?: readonly FakeClock[];
  /** How long handles may take to close, in milliseconds of real time. Default 1,000. */
  readonly closeWithinMs?: number;
}

/** Work in progress, not something that was left open. */
const passing = new Set(["Immediate", "TickObject", "Microtask", "CloseReq", "FSReqCallback", "FSReqPromise"]);

/** Watches what a test leaves behind. Make it first and with `await using`, so that it is disposed last. */
export class LeakCheck implements AsyncDisposable {
  readonly #options: LeakOptions;
  readonly #timers: ReadonlyMap<FakeClock, number>;
  readonly #handles = openHandles();
  readonly #owned = new Set<string>();

  constructor(options: LeakOptions = {}) {
    this.#options = options;
    this.#timers = new Map(options.clocks?.map((clock) => [clock, clock.pending]));
  }

  /**
   * Expects this resource to be disposed or stopped by the end of the test.
   *
   * @param name for the message, once per test
   */
  own<T extends Disposable | AsyncDisposable | { stop(): unknown }>(name: string, resource: T): T {
    this.#owned.add(name);
    for (const method of ["stop", Symbol.dispose, Symbol.asyncDispose] as const) {
      const original: unknown = Reflect.get(resource, method);
      if (typeof original !== "function") continue;
      const value = (...args: unknown[]): unknown => {
        this.#owned.delete(name);
        return Reflect.apply(original, resource, args);
      };
      Object.defineProperty(resource, method, { value, configurable: true, writable: true });
    }
    return resource;
  }

  /** What is left now: owned resources, timers of the clocks, and handles that keep the process alive. */
  left(): readonly string[] {
    const timers = [...this.#timers].map(([clock, before]) => clock.pending - before).filter((count) => count > 0);
    const handles = [...openHandles()].map(([type, count]) => [type, count - (this.#handles.get(type) ?? 0)] as const);
    return [
      ...[...this.#owned].map((name) => `${name} was not disposed`),
      ...timers.map((count) => `${count} pending on a FakeClock`),
      ...handles.filter(([, count]) => count > 0).map(([type, count]) => `${count} ${type} open`),
    ];
  }

  /** @throws Error that names all that is left, once handles had their time to close */
  async verify(): Promise<void> {
    const { closeWithinMs = 1_000 } = this.#options;
    const end = performance.now() + closeWithinMs;
    while (this.left().length > 0 && performance.now() < end) await wait(10);
    const left = this.left();
    if (left.length > 0) throw new Error(`the test leaves behind: ${left.join("; ")}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.verify();
  }
}

/** Starts to watch what a test leaves behind; disposing it fails the test if anything is. */
export function trackLeaks(options: LeakOptions = {}): LeakCheck {
  return new LeakCheck(options);
}

function openHandles(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    if (!passing.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
