import type { FieldError } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../api-object.ts";
import { invalidValue, notSupportedValue, requiredValue } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import {
  about,
  byDefault,
  each,
  int32,
  kindSchema,
  listOf,
  mapOf,
  objectReference,
  record,
  text,
  texts,
  truth,
} from "./schema-parts.ts";

const endpoint = record(
  {
    addresses: listOf(text, "Addresses of this endpoint."),
    conditions: record(each(truth, "ready", "serving", "terminating")),
    ...texts("hostname", "nodeName", "zone"),
    targetRef: objectReference,
    deprecatedTopology: mapOf(text),
    hints: record({ forZones: listOf(record({ name: text }, { required: ["name"] })) }),
  },
  { required: ["addresses"] },
);
const types = ["FQDN", "IPv4", "IPv6"];

export const endpointSliceKind = builtInKind({
  group: "discovery.k8s.io",
  kind: "EndpointSlice",
  plural: "endpointslices",
  namespaced: true,
  schema: kindSchema("EndpointSlice represents a set of service endpoints.", {
    addressType: about(text, "IPv4, IPv6 or FQDN; it never changes."),
    endpoints: listOf(endpoint, "Up to 1000 endpoints."),
    ports: listOf(
      record({ name: byDefault(text, ""), protocol: byDefault(text, "TCP"), port: int32, appProtocol: text }),
      "Ports of every endpoint.",
    ),
  }),
  strategy: { hasGeneration: true, validate },
});

function validate(slice: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const { addressType } = slice;
  const errors: FieldError[] = [];
  if (typeof addressType !== "string" || addressType === "") errors.push(requiredValue("addressType"));
  else if (!types.includes(addressType)) errors.push(notSupportedValue("addressType", addressType, types));
  if (old !== undefined && addressType !== old["addressType"]) {
    errors.push(invalidValue("addressType", addressType, "field is immutable"));
  }
  const endpoints = objectsAt(slice, "endpoints");
  if (endpoints.length > 1000) {
    const message = `Too many: ${endpoints.length}: must have at most 1000 items`;
    errors.push({ field: "endpoints", reason: "FieldValueTooMany", message });
  }
  for (const [i, { addresses }] of endpoints.entries()) {
    if (!Array.isArray(addresses) || addresses.length === 0) {
      errors.push(requiredValue(`endpoints[${i}].addresses`, "must contain at least 1 address"));
    }
  }
  return errors;
}
