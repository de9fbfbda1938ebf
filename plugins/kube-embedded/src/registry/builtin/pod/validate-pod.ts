import { type FieldError, isJsonObject, type JsonObject } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";
import { deepEqual } from "../../deep-equal.ts";
import { forbiddenValue } from "../../names.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";

/** Everything wrong with a Pod by itself. */
export function validatePod(pod: ApiObject): readonly FieldError[] {
  return validatePodSpec(specOf(pod), "spec");
}

const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** What of a Pod was changed that stays as it was created. */
export function validatePodUpdate(pod: ApiObject, old: ApiObject): readonly FieldError[] {
  const [next, before] = [specOf(pod), specOf(old)];
  const lost = objectsAt(before, "tolerations").some(
    (toleration) => !objectsAt(next, "tolerations").some((it) => covers(it, toleration)),
  );
  const tolerations = lost
    ? [forbiddenValue("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")]
    : [];
  const [left, right] = [fixed(next, before), fixed(before, before)];
  const changed = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (name) => !deepEqual(left[name] ?? null, right[name] ?? null),
  );
  const others = [...deadlineErrors(next, before), ...tolerations, ...gateErrors(next, before)];
  if (changed.length === 0) return others;
  const members = changed.map((name) => `spec.${name}`).join(", ");
  const why = `pod updates may not change fields other than ${changeable}\nchanged: ${members}`;
  return [...others, forbiddenValue("spec", why)];
}

/** A spec with what may change taken from the old one. */
function fixed(spec: JsonObject, old: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _, tolerations: __, schedulingGates: ___, ...others } = spec;
  const { terminationGracePeriodSeconds: grace, ...rest } = others;
  const oldGrace = old["terminationGracePeriodSeconds"];
  const isMended = typeof oldGrace === "number" && oldGrace < 0 && grace === 1;
  return {
    ...rest,
    ...(grace === undefined || isMended ? {} : { terminationGracePeriodSeconds: grace }),
    ...(isMended ? { terminationGracePeriodSeconds: oldGrace } : {}),
    ...imageless(spec, "containers"),
    ...imageless(spec, "initContainers"),
  };
}

/** The policy of pulling follows the image where nobody set it, so it may change with it. */
function imageless(spec: JsonObject, name: string): JsonObject {
  if (spec[name] === undefined) return {};
  return { [name]: objectsAt(spec, name).map(({ image: _, ...rest }) => rest) };
}

function deadlineErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const before = old["activeDeadlineSeconds"];
  const now = spec["activeDeadlineSeconds"];
  if (typeof before !== "number") return [];
  if (now === undefined) {
    return [
      {
        field: "spec.activeDeadlineSeconds",
        reason: "FieldValueInvalid",
        message: `Invalid value: ${before}: must not update from a positive integer to nil value`,
      },
    ];
  }
  if (typeof now !== "number" || now <= before) return [];
  const message = `Invalid value: ${now}: must be less than or equal to previous value`;
  return [{ field: "spec.activeDeadlineSeconds", reason: "FieldValueInvalid", message }];
}

/** Whoever holds a Pod back lets it go by taking a gate away; nobody may hold it back later. */
function gateErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const before = objectsAt(old, "schedulingGates").map((gate) => textAt(gate, "name"));
  const added = objectsAt(spec, "schedulingGates").filter((gate) => !before.includes(textAt(gate, "name")));
  return added.map((gate) => {
    const why = `only deletion is allowed, but found new scheduling gate '${textAt(gate, "name")}'`;
    return forbiddenValue("spec.schedulingGates", why);
  });
}

function covers({ tolerationSeconds: _, ...toleration }: JsonObject, old: JsonObject): boolean {
  const { tolerationSeconds: __, ...rest } = old;
  return deepEqual(toleration, rest);
}

function specOf(pod: ApiObject): JsonObject {
  return isJsonObject(pod["spec"]) ? pod["spec"] : {};
}
