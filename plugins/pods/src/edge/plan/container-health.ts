import type { Container } from "@skerry/contracts";

/** Why a container that runs is to be ended: a probe, or the hook after its start. */
export interface ContainerFailure {
  readonly kind: "startup" | "liveness" | "postStart";
  /** In place of the Pod's. */
  readonly graceSeconds?: number;
}

/** What hooks and probes have found of containers that run. */
export interface ContainerHealth {
  /** Its hook after the start has not ended: what comes after it in the Pod waits. */
  isStarting(container: Container): boolean;
  /** Its startup probe has succeeded, or it has none. */
  isStarted(container: Container): boolean;
  /** It is started, and its readiness probe succeeds, or it has none. */
  isReady(container: Container): boolean;
  failure(container: Container): ContainerFailure | undefined;
}
