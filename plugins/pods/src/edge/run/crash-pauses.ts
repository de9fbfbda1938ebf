import type { Container } from "@skerry/contracts";
import { type BackOff, durationText, type Pause } from "../plan/back-off.ts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import { fullName, type PodIdentity } from "../pod/pod.ts";
import type { PodEvents } from "../pod-events.ts";
import type { Hold } from "./holds.ts";

interface Exit {
  readonly id: string;
  /** When it was first seen, on the clock that never goes back: the wall clock may jump. */
  readonly at: number;
  isTold: boolean;
}

/** The pauses between the end of a Pod's containers and their next start. */
export class CrashPauses {
  readonly #exits = new Map<string, Exit>();

  constructor(
    private readonly identity: PodIdentity,
    private readonly backOff: BackOff,
    private readonly events: PodEvents,
  ) {}

  /** What is left for each container, by name. */
  after(views: readonly ContainerView[], now: number): ReadonlyMap<string, Pause> {
    const ended = views.flatMap(({ current, spec }) =>
      current?.state === "exited" ? [{ current, name: spec.name }] : [],
    );
    return new Map(
      ended.map(({ current, name }) => [name, this.backOff.pause(name, this.#seen(name, current, now).at, now)]),
    );
  }

  /** The container is started after its last end, if it had one. */
  started({ current, spec }: ContainerView, now: number): void {
    if (current?.state === "exited") this.backOff.lengthen(spec.name, this.#seen(spec.name, current, now).at, now);
  }

  /** What those that wait show. The first look at a pause is an event. */
  shown(views: readonly ContainerView[], backingOff: ReadonlyMap<string, Pause>): ReadonlyMap<string, Hold> {
    const shown = new Map<string, Hold>();
    for (const view of views) {
      const { name } = view.spec;
      const pause = backingOff.get(name);
      const exit = this.#exits.get(name);
      if (pause === undefined || exit === undefined) continue;
      const pod = fullName(this.identity);
      if (!exit.isTold)
        this.events.warn("BackOff", `Back-off restarting failed container ${name} in pod ${pod}`, fieldPathOf(view));
      exit.isTold = true;
      const message = `back-off ${durationText(pause.delayMs)} restarting failed container=${name} pod=${pod}`;
      shown.set(name, { reason: "CrashLoopBackOff", message });
    }
    return shown;
  }

  #seen(name: string, { id }: Container, now: number): Exit {
    const known = this.#exits.get(name);
    if (known?.id === id) return known;
    const exit = { id, at: now, isTold: false };
    this.#exits.set(name, exit);
    return exit;
  }
}
