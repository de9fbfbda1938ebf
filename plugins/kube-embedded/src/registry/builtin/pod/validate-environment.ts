import { type FieldError, isJsonObject, type JsonObject } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import { invalidValue, requiredValue } from "../../names.ts";

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];
const printable = /^[\x20-\x3c\x3e-\x7e]+$/;
const nameForm = "a valid environment variable name must consist only of printable ASCII characters other than '='";

/** The environment of one container. */
export function validateEnvironment(container: JsonObject, path: string): readonly FieldError[] {
  return [
    ...objectsAt(container, "env").flatMap((variable, i) => variableErrors(variable, `${path}.env[${i}]`)),
    ...objectsAt(container, "envFrom").flatMap((source, i) => {
      const given = ["configMapRef", "secretRef"].filter((name) => source[name] !== undefined);
      const at = `${path}.envFrom[${i}]`;
      if (given.length === 0) return [invalidValue(at, "", "must specify one of: `configMapRef` or `secretRef`")];
      if (given.length > 1) return [invalidValue(at, "", "may not have more than one field specified at a time")];
      return textAt(source, given[0] ?? "", "name") === "" ? [requiredValue(`${at}.${given[0]}.name`)] : [];
    }),
  ];
}

function variableErrors(variable: JsonObject, path: string): readonly FieldError[] {
  const { name, value = "", valueFrom } = variable;
  const errors: FieldError[] = [];
  if (name === "") errors.push(requiredValue(`${path}.name`));
  else if (typeof name === "string" && !printable.test(name)) errors.push(invalidValue(`${path}.name`, name, nameForm));
  if (!isJsonObject(valueFrom)) return errors;
  const at = `${path}.valueFrom`;
  const given = sources.filter((source) => valueFrom[source] !== undefined);
  if (given.length === 0) {
    const list = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    errors.push(invalidValue(at, "", `must specify one of: ${list}`));
  } else if (value !== "") {
    errors.push(invalidValue(at, "", "may not be specified when `value` is not empty"));
  } else if (given.length > 1) {
    errors.push(invalidValue(at, "", "may not have more than one field specified at a time"));
  }
  return errors;
}
