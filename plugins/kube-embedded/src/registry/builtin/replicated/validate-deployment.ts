import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import type { ApiObject } from "../../api-object.ts";
import { forbiddenValue, invalidValue, notSupportedValue } from "../../names.ts";
import { notNegative, validateReplicated } from "./validate-replicated.ts";

export function validateDeployment(deployment: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const spec = isJsonObject(deployment["spec"]) ? deployment["spec"] : {};
  return [
    ...validateReplicated(deployment, old),
    ...strategyErrors(spec["strategy"]),
    ...notNegative(spec, "revisionHistoryLimit"),
    ...deadlineErrors(spec),
  ];
}

function deadlineErrors(spec: JsonObject): readonly FieldError[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec;
  if (typeof deadline !== "number" || typeof ready !== "number" || deadline > ready) {
    return notNegative(spec, "progressDeadlineSeconds");
  }
  const why = "must be greater than minReadySeconds";
  return [...notNegative(spec, "progressDeadlineSeconds"), invalidValue("spec.progressDeadlineSeconds", deadline, why)];
}

function strategyErrors(strategy: JsonValue | undefined): readonly FieldError[] {
  if (!isJsonObject(strategy)) return [];
  const { type, rollingUpdate } = strategy;
  const at = "spec.strategy";
  if (type === "Recreate") {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbiddenValue(`${at}.rollingUpdate`, why)];
  }
  if (type !== "RollingUpdate") return [notSupportedValue(`${at}.type`, type, ["Recreate", "RollingUpdate"])];
  if (!isJsonObject(rollingUpdate)) return [];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const errors = [
    ...amountErrors(maxUnavailable, `${at}.rollingUpdate.maxUnavailable`, true),
    ...amountErrors(maxSurge, `${at}.rollingUpdate.maxSurge`, false),
  ];
  if (errors.length > 0 || !isZero(maxUnavailable) || !isZero(maxSurge)) return errors;
  return [invalidValue(`${at}.rollingUpdate.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0")];
}

function amountErrors(value: JsonValue | undefined, path: string, isPart: boolean): readonly FieldError[] {
  if (typeof value === "number") {
    return value >= 0 ? [] : [invalidValue(path, value, "must be greater than or equal to 0")];
  }
  if (typeof value !== "string") return [];
  const [, percent] = /^([0-9]+)%$/.exec(value) ?? [];
  if (percent === undefined) {
    const why = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%'";
    return [invalidValue(path, value, `${why}, regex used for validation is '[0-9]+%')`)];
  }
  return isPart && Number(percent) > 100 ? [invalidValue(path, value, "must not be greater than 100%")] : [];
}

function isZero(value: JsonValue | undefined): boolean {
  return value === 0 || (typeof value === "string" && /^0+%$/.test(value));
}
