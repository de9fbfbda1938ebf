import type { ContainerView } from "./container-view.ts";
import type { Action, PodFacts } from "./pod-facts.ts";

/**
 * How a Pod ends, step by step: its containers, then its sidecars, the last one first, then its sandboxes. Also when its
 * containers have ended by themselves, and sidecars and sandbox are what is left.
 */
export function endingActions({ sandboxes }: PodFacts, views: readonly ContainerView[]): readonly Action[] {
  const running = views.filter(({ current }) => current?.state === "running");
  const first = running.filter(({ kind }) => kind !== "sidecar");
  const next = first.length > 0 ? first : running.slice(-1);
  if (next.length > 0) {
    return next.flatMap((view) =>
      view.current === undefined ? [] : [{ do: "stop" as const, view, container: view.current }],
    );
  }
  return sandboxes
    .filter(({ state }) => state === "ready")
    .map((sandbox) => ({ do: "stop-sandbox" as const, sandbox }));
}
