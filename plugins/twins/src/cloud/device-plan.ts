import type { Condition, Device, DeviceModel, DeviceStatus, JsonValue } from "@skerry/contracts";
import { summarise } from "../shared/summary.ts";
import type { TwinReport } from "../shared/twin-report.ts";
import { mergeConditions, modelCondition, syncedCondition } from "./conditions.ts";
import { type PlanContext, planDesired } from "./desired-plan.ts";

/** What a Device is to be. */
export interface DevicePlan {
  readonly desired: Readonly<Record<string, JsonValue>>;
  readonly status: DeviceStatus;
}

export interface DeviceContext extends PlanContext {
  readonly model: DeviceModel | undefined;
  /** The models were read: one that is not known does not exist. */
  readonly modelsKnown: boolean;
}

/**
 * The whole Device that follows from what it is and what its edge reports. Pure but for the versions it makes.
 * What is reported replaces what was: a report is the edge's whole state, and reports of one device come in order.
 */
export function planDevice(device: Device, report: TwinReport | undefined, context: DeviceContext): DevicePlan {
  const { spec, desired, removed } = planDesired(device, report, context);
  const old = device.status ?? {};
  const reported = report?.reported ?? old.reported ?? {};
  const generation = report?.observedGeneration ?? old.observedGeneration;
  const { model, modelsKnown } = context;
  const states = [
    ...(report?.conditions ?? []),
    ...(modelsKnown ? [modelCondition(device.spec.model, model !== undefined)] : []),
    syncedCondition(desired),
  ];
  const conditions: readonly Condition[] = mergeConditions(old.conditions ?? [], states, context.now);
  const summary = modelsKnown ? summarise(new Map(Object.entries(reported)), model) : (old.summary ?? "");
  return {
    desired: Object.fromEntries(spec),
    status: {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      conditions,
      ...fieldOf("reported", reported),
      ...fieldOf("desired", Object.fromEntries(desired)),
      ...fieldOf("removedDesired", Object.fromEntries(removed)),
      ...(summary === "" ? {} : { summary }),
    },
  };
}

function fieldOf<V>(name: string, record: Readonly<Record<string, V>>): Readonly<Record<string, typeof record>> {
  return Object.keys(record).length === 0 ? {} : { [name]: record };
}
