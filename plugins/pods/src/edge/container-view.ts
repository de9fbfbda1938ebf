import type { Container } from "@skerry/contracts";
import type { Pod, PodContainer } from "./pod.ts";

/** One container of a Pod's specification, with what the runtime has of it. */
export interface ContainerView {
  readonly spec: PodContainer;
  readonly isInit: boolean;
  /** The newest attempt. */
  readonly current: Container | undefined;
  /** The attempt before that. */
  readonly previous: Container | undefined;
}

export function viewsOf(pod: Pod, containers: readonly Container[]): readonly ContainerView[] {
  const view =
    (isInit: boolean) =>
    (spec: PodContainer): ContainerView => {
      const own = containers
        .filter(({ config }) => config.name === spec.name)
        .sort((left, right) => right.config.attempt - left.config.attempt);
      return { spec, isInit, current: own[0], previous: own[1] };
    };
  return [...(pod.spec.initContainers ?? []).map(view(true)), ...pod.spec.containers.map(view(false))];
}

/** A sidecar: an init container that goes on beside the others. */
export function isSidecar({ isInit, spec }: ContainerView): boolean {
  return isInit && spec.restartPolicy === "Always";
}

/** Whether an ended container is to be started again. */
export function isRestarted(pod: Pod, view: ContainerView): boolean {
  const { current } = view;
  if (current?.state !== "exited") return false;
  if (isSidecar(view)) return true;
  const { restartPolicy = "Always" } = pod.spec;
  if (view.isInit) return current.exitCode !== 0 && restartPolicy !== "Never";
  return restartPolicy === "Always" || (restartPolicy === "OnFailure" && current.exitCode !== 0);
}

/** Whether those after an init container may begin. */
export function isPassed(view: ContainerView): boolean {
  const { current } = view;
  return isSidecar(view) ? current?.state === "running" : current?.state === "exited" && current.exitCode === 0;
}

/** Whether the Pod has come to its end: nothing of it is to be started any more. */
export function isDone(pod: Pod, views: readonly ContainerView[]): boolean {
  const isOver = (view: ContainerView) => view.current?.state === "exited" && !isRestarted(pod, view);
  const init = views.filter((view) => view.isInit && !isSidecar(view));
  return init.some((view) => isOver(view) && !isPassed(view)) || views.filter(({ isInit }) => !isInit).every(isOver);
}
