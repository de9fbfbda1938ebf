import type { Clock, Logger } from "@skerry/contracts";
import type { KindRegistry } from "../../registry/kind-registry.ts";
import type { ObjectStore } from "../../registry/object-store.ts";
import type { ClusterObjects } from "./cluster-objects.ts";
import type { EventRecorder } from "./event-recorder.ts";

/** What every controller is: it watches from its start to its stop. */
export interface Controller {
  /** Looks at everything there is and then at every change. */
  start(): void;
  /** Lets what is under way end; begins nothing more. */
  stop(): Promise<void>;
}

/** What a controller is made of. */
export interface ControllerParts {
  readonly objects: ClusterObjects;
  readonly events: EventRecorder;
  readonly kinds: KindRegistry;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** PEM of the authority that signed the certificate of this API. */
  readonly rootCa: string;
}
