import { type FieldError, isJsonObject } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { invalidValue } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import { about, int32, kindSchema, record, text, time } from "./schema-parts.ts";

export const leaseKind = builtInKind({
  group: "coordination.k8s.io",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  schema: kindSchema("Lease defines a lease concept.", {
    spec: record(
      {
        holderIdentity: about(text, "The identity of the holder of the lease."),
        leaseDurationSeconds: about(int32, "How long candidates wait before they force-acquire the lease."),
        acquireTime: time,
        renewTime: time,
        leaseTransitions: int32,
        strategy: text,
        preferredHolder: text,
      },
      { description: "The specification of the Lease." },
    ),
  }),
  strategy: { createsOnUpdate: true, needsVersion: true, validate },
});

function validate(object: ApiObject): readonly FieldError[] {
  const spec = object["spec"];
  if (!isJsonObject(spec)) return [];
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = spec;
  const errors: FieldError[] = [];
  if (typeof seconds === "number" && seconds <= 0) {
    errors.push(invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  }
  if (typeof transitions === "number" && transitions < 0) {
    errors.push(invalidValue("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
  }
  return errors;
}
