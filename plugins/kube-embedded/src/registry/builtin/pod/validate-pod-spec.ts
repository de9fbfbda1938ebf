import type { FieldError, JsonObject, JsonValue } from "../../../kinds.ts";
import { objectsAt } from "../../../printing/member-at.ts";
import {
  invalidValue,
  labelProblem,
  labelValueProblem,
  notSupportedValue,
  qualifiedNameProblem,
  requiredValue,
  subdomainProblem,
} from "../../names.ts";
import { named } from "./field-checks.ts";
import { validateContainer } from "./validate-container.ts";
import { validateVolumes } from "./validate-volumes.ts";

const restartPolicies = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What Kubernetes checks of a PodSpec, in a Pod or a template; `path` is where it stands. */
export function validatePodSpec(spec: JsonObject, path: string): readonly FieldError[] {
  const volumes = new Set(objectsAt(spec, "volumes").map(({ name }) => String(name)));
  const { restartPolicy, dnsPolicy, activeDeadlineSeconds, terminationGracePeriodSeconds } = spec;
  return [
    ...validateVolumes(spec, `${path}.volumes`),
    ...containerErrors(spec, path, volumes),
    ...supported(`${path}.restartPolicy`, restartPolicy, restartPolicies),
    ...supported(`${path}.dnsPolicy`, dnsPolicy, dnsPolicies),
    ...dnsErrors(spec, path),
    ...atLeast(
      `${path}.activeDeadlineSeconds`,
      activeDeadlineSeconds,
      1,
      "must be between 1 and 2147483647, inclusive",
    ),
    ...atLeast(
      `${path}.terminationGracePeriodSeconds`,
      terminationGracePeriodSeconds,
      0,
      "must be greater than or equal to 0",
    ),
    ...nameErrors(spec, path),
    ...nodeSelectorErrors(spec["nodeSelector"], `${path}.nodeSelector`),
    ...objectsAt(spec, "tolerations").flatMap((it, i) => tolerationErrors(it, `${path}.tolerations[${i}]`)),
    ...objectsAt(spec, "topologySpreadConstraints").flatMap((it, i) =>
      spreadErrors(it, `${path}.topologySpreadConstraints[${i}]`),
    ),
  ];
}

function containerErrors(spec: JsonObject, path: string, volumes: ReadonlySet<string>): readonly FieldError[] {
  const names = new Set<string>();
  const errors: FieldError[] = [];
  if (objectsAt(spec, "containers").length === 0) errors.push(requiredValue(`${path}.containers`));
  for (const kind of ["containers", "initContainers"] as const) {
    for (const [i, container] of objectsAt(spec, kind).entries()) {
      const at = `${path}.${kind}[${i}]`;
      errors.push(...named(container, at, labelProblem, names));
      errors.push(...validateContainer(container, at, volumes, kind === "initContainers"));
    }
  }
  return errors;
}

function dnsErrors(spec: JsonObject, path: string): readonly FieldError[] {
  if (spec["dnsPolicy"] !== "None") return [];
  const config = spec["dnsConfig"];
  if (config === undefined)
    return [requiredValue(`${path}.dnsConfig`, "must provide `dnsConfig` when `dnsPolicy` is None")];
  if (Array.isArray((config as JsonObject)["nameservers"])) return [];
  return [
    requiredValue(`${path}.dnsConfig.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None"),
  ];
}

function nameErrors(spec: JsonObject, path: string): readonly FieldError[] {
  const checks: readonly (readonly [string, (value: string) => string | undefined])[] = [
    ["serviceAccountName", subdomainProblem],
    ["nodeName", subdomainProblem],
    ["runtimeClassName", subdomainProblem],
    ["priorityClassName", subdomainProblem],
    ["hostname", labelProblem],
    ["subdomain", labelProblem],
  ];
  return checks.flatMap(([name, problemOf]) => {
    const value = spec[name];
    const problem = typeof value === "string" && value !== "" ? problemOf(value) : undefined;
    return problem === undefined ? [] : [invalidValue(`${path}.${name}`, value, problem)];
  });
}

function nodeSelectorErrors(selector: JsonValue | undefined, path: string): readonly FieldError[] {
  return Object.entries((selector ?? {}) as JsonObject).flatMap(([key, value]) => {
    const problems = [qualifiedNameProblem(key), labelValueProblem(String(value))];
    return problems.flatMap((it, i) => (it === undefined ? [] : [invalidValue(path, i === 0 ? key : value, it)]));
  });
}

function tolerationErrors(toleration: JsonObject, path: string): readonly FieldError[] {
  const { key = "", operator = "", value = "", effect = "", tolerationSeconds } = toleration;
  const errors: FieldError[] = [];
  const problem = key === "" ? undefined : qualifiedNameProblem(String(key));
  if (problem !== undefined) errors.push(invalidValue(`${path}.key`, key, problem));
  if (key === "" && operator !== "Exists") {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(`${path}.operator`, operator, why));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidValue(`${path}.effect`, effect, why));
  }
  if (operator === "Exists" && value !== "") {
    errors.push(invalidValue(`${path}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
  }
  if (operator !== "") errors.push(...supported(`${path}.operator`, operator, ["Equal", "Exists"]));
  return effect === "" ? errors : [...errors, ...supported(`${path}.effect`, effect, effects)];
}

function spreadErrors(constraint: JsonObject, path: string): readonly FieldError[] {
  const { maxSkew, topologyKey, whenUnsatisfiable } = constraint;
  return [
    ...atLeast(`${path}.maxSkew`, maxSkew, 1, "must be greater than zero"),
    ...(topologyKey === "" ? [requiredValue(`${path}.topologyKey`, "can not be empty")] : []),
    ...supported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, ["DoNotSchedule", "ScheduleAnyway"]),
  ];
}

function supported(field: string, value: JsonValue | undefined, values: readonly string[]): readonly FieldError[] {
  if (value === undefined || values.includes(String(value))) return [];
  return [notSupportedValue(field, value, [...values].sort())];
}

function atLeast(field: string, value: JsonValue | undefined, least: number, why: string): readonly FieldError[] {
  return typeof value === "number" && value < least ? [invalidValue(field, value, why)] : [];
}
