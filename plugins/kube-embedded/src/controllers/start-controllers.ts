import type { Clock, Logger } from "@skerry/contracts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ObjectWriter } from "../registry/object-writer.ts";
import { DeploymentController } from "./deployments/deployment-controller.ts";
import { GarbageCollector } from "./garbage/garbage-collector.ts";
import { NodeLifecycle } from "./nodes/node-lifecycle.ts";
import { PodsNotReady } from "./nodes/pods-not-ready.ts";
import { TaintEviction } from "./nodes/taint-eviction.ts";
import { PodGarbage } from "./pod-garbage/pod-garbage.ts";
import { ReplicaSetController } from "./replica-sets/replica-set-controller.ts";
import { ClusterObjects } from "./runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "./runtime/controller.ts";
import { EventRecorder } from "./runtime/event-recorder.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { RootCa } from "./service-accounts/root-ca.ts";
import { ServiceAccounts } from "./service-accounts/service-accounts.ts";

export interface ControllersNeed {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly kinds: KindRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** PEM of the authority that signed the certificate of this API. */
  readonly rootCa: string;
}

/** Each makes one controller. Their order means nothing. */
const controllers: readonly ((parts: ControllerParts) => Controller)[] = [
  (parts) => new GarbageCollector(parts),
  (parts) => new ReplicaSetController(parts),
  (parts) => new DeploymentController(parts),
  (parts) => new Scheduler(parts),
  (parts) => new NodeLifecycle(parts),
  (parts) => new PodsNotReady(parts),
  (parts) => new TaintEviction(parts),
  (parts) => new PodGarbage(parts),
  (parts) => new ServiceAccounts(parts),
  (parts) => new RootCa(parts),
];

/** Starts the controllers that a kube-controller-manager and a scheduler would be. */
export function startControllers(need: ControllersNeed): { stop(): Promise<void> } {
  const { store, writer, clock, logger } = need;
  const objects = new ClusterObjects(store, writer);
  const events = new EventRecorder(objects, clock, logger);
  const running = controllers.map((make) => make({ ...need, objects, events }));
  for (const controller of running) controller.start();
  return {
    stop: async () => {
      await Promise.all(running.map((controller) => controller.stop()));
      await events.flush();
    },
  };
}
