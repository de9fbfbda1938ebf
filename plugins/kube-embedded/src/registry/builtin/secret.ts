import type { FieldError } from "../../kinds.ts";
import { type ApiObject, withMember } from "../api-object.ts";
import { invalidValue } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import { dataOf, validateData, validateImmutable } from "./config-data.ts";
import { about, bytes, kindSchema, mapOf, text, truth } from "./schema-parts.ts";

export const secretKind = builtInKind({
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
  selectableFields: ["type"],
  schema: kindSchema("Secret holds secret data of a certain type.", {
    data: mapOf(bytes, "Data contains the secret data, base64 encoded."),
    stringData: mapOf(text, "stringData allows specifying non-binary secret data in string form. It is write-only."),
    type: about(text, "Used to facilitate programmatic handling of secret data."),
    immutable: about(truth, "Immutable, if set to true, ensures that data stored in the Secret cannot be updated."),
  }),
  strategy: {
    forCreate: folded,
    forUpdate: (object, old) => folded(object["type"] === undefined ? withMember(object, "type", old["type"]) : object),
    validate,
  },
});

/** Writes `stringData` over `data`, and gives the type its default. */
function folded(object: ApiObject): ApiObject {
  const typed = object["type"] === undefined || object["type"] === "" ? { ...object, type: "Opaque" } : object;
  if (object["stringData"] === undefined) return typed;
  const plain = Object.entries(dataOf(object, "stringData")).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const data = { ...dataOf(object, "data"), ...Object.fromEntries(plain) };
  return withMember({ ...typed, data }, "stringData", undefined);
}

function validate(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const errors = [...validateData(object, undefined, "data"), ...validateImmutable(object, old, ["data"])];
  if (old !== undefined && object["type"] !== old["type"]) {
    errors.push(invalidValue("type", object["type"], "field is immutable"));
  }
  return errors;
}
