import type { FieldError, JsonObject, JsonValue } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import { forbiddenValue, invalidValue, notSupportedValue, requiredValue } from "../../names.ts";
import { validateEnvironment } from "./validate-environment.ts";
import { validatePorts } from "./validate-ports.ts";
import { validateProbes } from "./validate-probes.ts";
import { validateResources } from "./validate-resources.ts";

const pullPolicies = ["Always", "IfNotPresent", "Never"];

/** One container, beside its name; `volumes` are those of its pod. */
export function validateContainer(
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<string>,
  isInit: boolean,
): readonly FieldError[] {
  const { image, imagePullPolicy, terminationMessagePolicy: messages } = container;
  const messagePolicies = ["FallbackToLogsOnError", "File"];
  return [
    ...imageErrors(image, `${path}.image`),
    ...(pullPolicies.includes(String(imagePullPolicy))
      ? []
      : [notSupportedValue(`${path}.imagePullPolicy`, imagePullPolicy, pullPolicies)]),
    ...(messages === undefined || messagePolicies.includes(String(messages))
      ? []
      : [notSupportedValue(`${path}.terminationMessagePolicy`, messages, messagePolicies)]),
    ...validatePorts(container, `${path}.ports`),
    ...validateEnvironment(container, path),
    ...mountErrors(container, `${path}.volumeMounts`, volumes),
    ...validateResources(container["resources"], `${path}.resources`),
    ...validateProbes(container, path, isInit && container["restartPolicy"] === undefined),
    ...restartErrors(container["restartPolicy"], `${path}.restartPolicy`, isInit),
  ];
}

function imageErrors(image: JsonValue | undefined, path: string): readonly FieldError[] {
  if (typeof image !== "string" || image === "") return [requiredValue(path)];
  return image.trim() === image ? [] : [invalidValue(path, image, "must not have leading or trailing whitespace")];
}

function restartErrors(policy: JsonValue | undefined, path: string, isInit: boolean): readonly FieldError[] {
  if (policy === undefined) return [];
  if (!isInit) return [forbiddenValue(path, "may not be set for non-init containers")];
  return policy === "Always" ? [] : [notSupportedValue(path, policy, ["Always"])];
}

function mountErrors(container: JsonObject, path: string, volumes: ReadonlySet<string>): readonly FieldError[] {
  const places = new Set<string>();
  return objectsAt(container, "volumeMounts").flatMap((mount, i) => {
    const at = `${path}[${i}]`;
    const [name, place, part] = [textAt(mount, "name"), textAt(mount, "mountPath"), textAt(mount, "subPath")];
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(`${at}.name`));
    else if (!volumes.has(name)) errors.push(notFoundValue(`${at}.name`, name));
    if (place === "") errors.push(requiredValue(`${at}.mountPath`));
    if (places.has(place)) errors.push(invalidValue(`${at}.mountPath`, place, "must be unique"));
    places.add(place);
    if (part.startsWith("/")) errors.push(invalidValue(`${at}.subPath`, part, "must be a relative path"));
    if (part.split("/").includes("..")) errors.push(invalidValue(`${at}.subPath`, part, "must not contain '..'"));
    if (part !== "" && textAt(mount, "subPathExpr") !== "") {
      errors.push(
        invalidValue(`${at}.subPathExpr`, mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive"),
      );
    }
    return errors;
  });
}

function notFoundValue(field: string, value: JsonValue): FieldError {
  return { field, reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(value)}` };
}
