import type { Container, Sandbox } from "@skerry/contracts";
import type { Pod } from "../pod/pod.ts";
import type { Pause } from "./back-off.ts";
import type { ContainerFailure, ContainerHealth } from "./container-health.ts";
import type { ContainerView } from "./container-view.ts";

/** What there is of one Pod, as far as it decides what is to be done. */
export interface PodFacts {
  readonly pod: Pod;
  /** Of this Pod, in the node's runtimes. */
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
  readonly health: ContainerHealth;
  /** It is to end: deleted, gone, over its deadline, or it has a final phase. */
  readonly isEnding: boolean;
  /** Its volumes are there. */
  readonly isPrepared: boolean;
  /** Left of the pause after the newest exit of a container, by name. Absent: none. */
  readonly pauses: ReadonlyMap<string, Pause>;
  /** Containers whose last attempt could not be made and is not to be made again yet. */
  readonly held: ReadonlySet<string>;
  /** The sandbox could not be made and is not to be tried again yet. */
  readonly isSandboxHeld: boolean;
  /** The highest attempt of a container that was ever reported, by name: the runtime may have lost it. */
  readonly attempts: ReadonlyMap<string, number>;
}

export type Action =
  | { readonly do: "run-sandbox"; readonly attempt: number }
  | { readonly do: "stop-sandbox" | "remove-sandbox"; readonly sandbox: Sandbox }
  | { readonly do: "start"; readonly view: ContainerView; readonly attempt: number; readonly sandbox: Sandbox }
  | {
      readonly do: "stop";
      readonly view: ContainerView;
      readonly container: Container;
      /** Because of which it is stopped. */
      readonly failed?: ContainerFailure;
    }
  | { readonly do: "remove-container"; readonly container: Container };

export interface PodPlan {
  readonly actions: readonly Action[];
  /** Containers that wait in a crash-loop back-off, and how long it is. */
  readonly backingOff: ReadonlyMap<string, Pause>;
}
