import type { JsonObject } from "@skerry/contracts";
import type { Pod } from "../pod/pod.ts";
import type { ContainerHealth } from "./container-health.ts";
import type { ContainerView } from "./container-view.ts";

/** What the status of a Pod follows from. */
export interface StatusFacts {
  readonly pod: Pod;
  readonly views: readonly ContainerView[];
  readonly health: ContainerHealth;
  /** Why a container that does not run waits, by its name. */
  readonly waiting: ReadonlyMap<string, { readonly reason: string; readonly message?: string }>;
  /** What ended containers left as their last word, by their id in the runtime. */
  readonly messages: ReadonlyMap<string, string>;
  readonly hasSandbox: boolean;
  /** Name of the runtime. */
  readonly runtime: string;
  readonly hostIps: readonly string[];
  readonly podIps: readonly string[];
  /** Milliseconds since the Unix epoch when the node first saw the Pod. */
  readonly startedAt: number;
  /** The status that was reported last. */
  readonly before: JsonObject | undefined;
  readonly now: number;
  /** Nothing of it will be started any more. */
  readonly isEnded: boolean;
  /** A container of it has run, or was meant to after its init containers. */
  readonly hasBegun: boolean;
  /** Why the Pod has failed as a whole. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
}
