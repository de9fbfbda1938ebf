import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../registry/names.ts";
import { checkKeywords } from "./keyword-check.ts";

const junctors = ["allOf", "anyOf", "oneOf"] as const;

/** Keywords that shape an object, and so belong outside of `allOf`, `anyOf`, `oneOf` and `not`. */
const structural = [
  "type",
  "additionalProperties",
  "default",
  "description",
  "nullable",
  "title",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
];

type At = (name: string) => string;

/** Inside of `allOf`, `anyOf`, `oneOf` and `not` a schema may only restrict what is specified outside of them. */
export function checkJunctors(schema: JsonObject, at: At): FieldError[] {
  return branchesOf(schema).flatMap(([place, branch]) => {
    if (!isJsonObject(branch)) return [invalidValue(at(place), branch, "must be an object")];
    return checkBranch(branch, schema, (name) => `${at(place)}.${name}`, at, place);
  });
}

function checkBranch(
  branch: JsonObject,
  outer: JsonObject | undefined,
  at: At,
  outerAt: At,
  place: string,
): FieldError[] {
  const allowsType = isIntOrStringBranch(branch, outer);
  const errors = checkKeywords(branch, at);
  for (const keyword of structural) {
    if (branch[keyword] === undefined || (keyword === "type" && allowsType)) continue;
    errors.push(forbiddenValue(at(keyword), "must be empty to be structural"));
  }
  const outerProperties = isJsonObject(outer?.["properties"]) ? outer["properties"] : {};
  if (isJsonObject(branch["properties"])) {
    for (const [name, property] of Object.entries(branch["properties"])) {
      const specified = Object.hasOwn(outerProperties, name) ? outerProperties[name] : undefined;
      const inner = `properties[${name}]`;
      if (!isJsonObject(specified) && !isJsonObject(outer?.["additionalProperties"])) {
        errors.push(requiredValue(outerAt(inner), `because it is defined in ${place}.${inner}`));
      } else if (isJsonObject(property)) {
        const below = isJsonObject(specified) ? specified : (outer?.["additionalProperties"] as JsonObject);
        errors.push(...checkBranch(property, below, under(at, inner), under(outerAt, inner), `${place}.${inner}`));
      }
    }
  }
  if (isJsonObject(branch["items"])) {
    const items = isJsonObject(outer?.["items"]) ? outer["items"] : undefined;
    if (items === undefined) errors.push(requiredValue(outerAt("items"), `because it is defined in ${place}.items`));
    else
      errors.push(
        ...checkBranch(branch["items"], items, under(at, "items"), under(outerAt, "items"), `${place}.items`),
      );
  }
  for (const [nested, inner] of branchesOf(branch)) {
    if (isJsonObject(inner))
      errors.push(...checkBranch(inner, outer, under(at, nested), outerAt, `${place}.${nested}`));
  }
  return errors;
}

/** `anyOf: [{type: integer}, {type: string}]` beside `x-kubernetes-int-or-string` is how generators write it. */
function isIntOrStringBranch(branch: JsonObject, outer: JsonObject | undefined): boolean {
  const { type } = branch;
  return outer?.["x-kubernetes-int-or-string"] === true && (type === "integer" || type === "string");
}

function branchesOf(schema: JsonObject): readonly (readonly [string, JsonValue])[] {
  const lists = junctors.flatMap((junctor) => {
    const branches = schema[junctor];
    return Array.isArray(branches)
      ? (branches as readonly JsonValue[]).map((branch, index) => [`${junctor}[${index}]`, branch] as const)
      : [];
  });
  return schema["not"] === undefined ? lists : [...lists, ["not", schema["not"]] as const];
}

function under(at: At, prefix: string): At {
  return (name) => at(`${prefix}.${name}`);
}
