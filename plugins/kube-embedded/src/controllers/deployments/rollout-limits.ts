import { isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import { memberAt } from "../../printing/member-at.ts";

/** How far a Deployment may stray from its size while Pods are replaced. */
export interface RolloutLimits {
  /** Pods that there may be beyond the wanted ones. */
  readonly maxSurge: number;
  /** Wanted Pods that may be missing. */
  readonly maxUnavailable: number;
}

/**
 * The limits as numbers: percentages of the size, a surge rounded up and unavailability down. When both come out as 0,
 * one Pod may be missing, or nothing could ever be replaced.
 */
export function rolloutLimits(spec: JsonObject, replicas: number): RolloutLimits {
  const strategy = memberAt(spec, "strategy");
  if (!isJsonObject(strategy) || strategy["type"] !== "RollingUpdate") return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = amountOf(memberAt(strategy, "rollingUpdate", "maxSurge") ?? "25%", replicas, Math.ceil);
  const given = amountOf(memberAt(strategy, "rollingUpdate", "maxUnavailable") ?? "25%", replicas, Math.floor);
  const maxUnavailable = maxSurge === 0 && given === 0 ? 1 : given;
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

function amountOf(value: JsonValue, replicas: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  const [, percent] = /^([0-9]+)%$/.exec(typeof value === "string" ? value : "") ?? [];
  return percent === undefined ? 0 : round((Number(percent) * replicas) / 100);
}
