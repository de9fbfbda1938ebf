import type { JsonObject } from "@skerry/contracts";
import type { Pod } from "../pod/pod.ts";
import type { ContainerView } from "./container-view.ts";

export type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

export interface StatusedView {
  readonly view: ContainerView;
  readonly status: JsonObject;
}

type Summary = "running" | "waiting" | "succeeded" | "failed";

/**
 * The phase that follows from the statuses of a Pod's containers, by the kubelet's rules.
 *
 * @param isEnded nothing of it will be started again, whatever its restart policy is
 */
export function phaseOf({ spec }: Pod, containers: readonly StatusedView[], isEnded: boolean): Phase {
  const { restartPolicy = "Always" } = spec;
  const of = (kind: ContainerView["kind"]) =>
    containers.filter(({ view }) => view.kind === kind).map(({ status }) => summary(status));
  const [init, sidecars, main] = [of("init"), of("sidecar"), of("main")];
  if (init.includes("failed") && (restartPolicy === "Never" || isEnded)) return "Failed";
  const hasBegun = containers.some(({ view }) => view.kind === "main" && view.current !== undefined);
  const isInitializing = init.some((state) => state === "running" || state === "waiting" || state === "failed");
  if (!hasBegun && (isInitializing || sidecars.includes("waiting"))) return "Pending";
  if (main.includes("waiting") || (sidecars.includes("waiting") && !hasBegun)) return "Pending";
  if (main.includes("running") || sidecars.includes("running")) return "Running";
  const hasSucceeded = main.every((state) => state === "succeeded");
  if (isEnded) return hasSucceeded ? "Succeeded" : "Failed";
  if (restartPolicy === "Always") return "Running";
  if (hasSucceeded) return "Succeeded";
  return restartPolicy === "Never" ? "Failed" : "Running";
}

/** A container that waits to be started again counts as its last end. */
function summary({ state, lastState }: JsonObject): Summary {
  const now = state as Readonly<Record<string, JsonObject | undefined>>;
  if (now["running"] !== undefined) return "running";
  const ended = now["terminated"] ?? (lastState as Readonly<Record<string, JsonObject | undefined>>)["terminated"];
  if (ended === undefined) return "waiting";
  return ended["exitCode"] === 0 ? "succeeded" : "failed";
}
