import type { Container } from "@skerry/contracts";

/** A probe because of which a container is to be ended. */
export interface FailedProbe {
  readonly kind: "startup" | "liveness";
  /** In place of the Pod's. */
  readonly graceSeconds?: number;
}

/** What probes have found of containers that run. */
export interface ContainerHealth {
  /** Its startup probe has succeeded, or it has none. */
  isStarted(container: Container): boolean;
  /** It is started, and its readiness probe succeeds, or it has none. */
  isReady(container: Container): boolean;
  failedProbe(container: Container): FailedProbe | undefined;
}
