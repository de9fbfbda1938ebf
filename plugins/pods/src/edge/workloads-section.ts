import type { JsonObject, StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgePods, EdgePodsToken, type KnownPod } from "./edge-pods.ts";

/** The Pods of this node in `skerry status`. */
export class WorkloadsSection implements StatusSection {
  readonly name = "workloads";

  constructor(@inject(EdgePodsToken) private readonly pods: EdgePods) {}

  async collect(): Promise<StatusReport> {
    const rows = this.pods.known().map(rowOf);
    const width = Math.max(0, ...rows.map(({ pod }) => pod.length));
    return { data: rows.map((row) => ({ ...row })), lines: rows.map((row) => lineOf(row, width)) };
  }
}

interface Row {
  readonly pod: string;
  readonly phase: string;
  /** Why it is not as it should be, if so; as the column STATUS of kubectl. */
  readonly reason: string;
  readonly ready: string;
  readonly restarts: number;
  readonly runtime: string;
}

function rowOf({ identity, status }: KnownPod): Row {
  const main = listIn(status, "containerStatuses");
  const all = [...listIn(status, "initContainerStatuses"), ...main];
  const ids = all.map((container) => String(container["containerID"] ?? "")).filter((id) => id !== "");
  return {
    pod: `${identity.namespace}/${identity.name}`,
    phase: String(status["phase"]),
    reason: all.map(reasonOf).find((reason) => reason !== "") ?? String(status["reason"] ?? ""),
    ready: `${main.filter((container) => container["ready"] === true).length}/${main.length}`,
    restarts: main.reduce((sum, container) => sum + Number(container["restartCount"]), 0),
    runtime: ids[0]?.split("://")[0] ?? "",
  };
}

function lineOf({ pod, phase, reason, ready, restarts, runtime }: Row, width: number): string {
  const state = reason === "" ? phase : `${phase} (${reason})`;
  return `${pod.padEnd(width)}  ${state}, ready ${ready}, restarts ${restarts}${runtime === "" ? "" : `, ${runtime}`}`;
}

function reasonOf(container: JsonObject): string {
  const { waiting, terminated } = container["state"] as Readonly<Record<string, JsonObject | undefined>>;
  const hasFailed = terminated !== undefined && terminated["exitCode"] !== 0;
  return String(waiting?.["reason"] ?? (hasFailed ? (terminated["reason"] ?? "") : ""));
}

function listIn(status: JsonObject, field: string): readonly JsonObject[] {
  return (status[field] ?? []) as readonly JsonObject[];
}
