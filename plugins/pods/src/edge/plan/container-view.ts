import type { Container } from "@skerry/contracts";
import type { Pod, PodContainer } from "../pod/pod.ts";

/** One container of a Pod's specification, with what the runtime has of it. */
export interface ContainerView {
  readonly spec: PodContainer;
  /** A `sidecar` is an init container that goes on beside the others. */
  readonly kind: "init" | "sidecar" | "main";
  /** The newest attempt. */
  readonly current: Container | undefined;
  /** The attempt before that. */
  readonly previous: Container | undefined;
}

export function viewsOf(pod: Pod, containers: readonly Container[]): readonly ContainerView[] {
  const view = (spec: PodContainer, kind: ContainerView["kind"]): ContainerView => {
    const own = containers.filter(({ config }) => config.name === spec.name).sort(newestFirst);
    return { spec, kind, current: own[0], previous: own[1] };
  };
  const init = pod.spec.initContainers ?? [];
  return [
    ...init.map((spec) => view(spec, spec.restartPolicy === "Always" ? "sidecar" : "init")),
    ...pod.spec.containers.map((spec) => view(spec, "main")),
  ];
}

function newestFirst(left: Container, right: Container): number {
  return right.config.attempt - left.config.attempt || right.createdAt - left.createdAt;
}

/** Whether a container that has ended is to be started again. */
export function isRestarted(pod: Pod, view: ContainerView): boolean {
  const { kind, current } = view;
  if (current?.state !== "exited") return false;
  if (kind === "sidecar" || isChanged(view)) return true;
  const { restartPolicy = "Always" } = pod.spec;
  if (restartPolicy === "Never") return false;
  return current.exitCode !== 0 || (kind === "main" && restartPolicy === "Always");
}

/** Whether the Pod names another image for it than it was made from: the only thing of a container that may change. */
export function isChanged({ kind, current, spec }: ContainerView): boolean {
  return kind !== "init" && current !== undefined && spec.image !== undefined && current.config.image !== spec.image;
}

/** Whether nothing of the Pod will be started any more. */
export function isDone(pod: Pod, views: readonly ContainerView[]): boolean {
  const isOver = (view: ContainerView) => view.current?.state === "exited" && !isRestarted(pod, view);
  if (views.some((view) => view.kind === "init" && isOver(view) && view.current?.exitCode !== 0)) return true;
  return views.every((view) => view.kind !== "main" || isOver(view));
}

export function fieldPathOf({ kind, spec }: ContainerView): string {
  return `spec.${kind === "main" ? "containers" : "initContainers"}{${spec.name}}`;
}
