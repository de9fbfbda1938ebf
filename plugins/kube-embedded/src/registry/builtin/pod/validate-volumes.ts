import { type FieldError, isJsonObject, type JsonObject } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import { forbiddenValue, invalidValue, labelProblem, requiredValue } from "../../names.ts";
import { volumeSources } from "../pod-spec/volumes.ts";
import { quantityForm, quantityOf } from "../quantity.ts";
import { named } from "./field-checks.ts";

/** Sources that name another object, and the member that does. */
const references: Readonly<Record<string, string>> = {
  configMap: "name",
  secret: "secretName",
  persistentVolumeClaim: "claimName",
  hostPath: "path",
  csi: "driver",
};

/** Names and sources of the volumes of a pod. */
export function validateVolumes(spec: JsonObject, path: string): readonly FieldError[] {
  const names = new Set<string>();
  return objectsAt(spec, "volumes").flatMap((volume, i) => {
    const at = `${path}[${i}]`;
    return [...named(volume, at, labelProblem, names), ...sourceErrors(volume, at)];
  });
}

function sourceErrors(volume: JsonObject, path: string): readonly FieldError[] {
  const [source, ...more] = volumeSources.filter((name) => volume[name] !== undefined);
  if (source === undefined) return [requiredValue(path, "must specify a volume type")];
  if (more.length > 0) {
    return more.map((name) => forbiddenValue(`${path}.${name}`, "may not specify more than 1 volume type"));
  }
  const at = `${path}.${source}`;
  const member = Object.hasOwn(references, source) ? references[source] : undefined;
  const missing =
    member !== undefined && textAt(volume, source, member) === "" ? [requiredValue(`${at}.${member}`)] : [];
  return [...missing, ...modeErrors(volume[source], at), ...itemErrors(volume, source, at), ...sizeErrors(volume, at)];
}

function modeErrors(source: JsonObject[string] | undefined, path: string): readonly FieldError[] {
  const mode = isJsonObject(source) ? source["defaultMode"] : undefined;
  if (typeof mode !== "number" || (mode >= 0 && mode <= 0o777)) return [];
  return [invalidValue(`${path}.defaultMode`, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}

function itemErrors(volume: JsonObject, source: string, path: string): readonly FieldError[] {
  return objectsAt(volume, source, "items").flatMap((item, i) => {
    const at = `${path}.items[${i}].path`;
    const to = textAt(item, "path");
    if (to === "") return [requiredValue(at)];
    if (to.startsWith("/")) return [invalidValue(at, to, "must be a relative path")];
    return to.split("/").includes("..") ? [invalidValue(at, to, "must not contain '..'")] : [];
  });
}

function sizeErrors(volume: JsonObject, path: string): readonly FieldError[] {
  const { emptyDir } = volume;
  const limit = isJsonObject(emptyDir) ? emptyDir["sizeLimit"] : undefined;
  if (limit === undefined) return [];
  const size = quantityOf(limit);
  if (size === undefined)
    return [invalidValue(`${path}.sizeLimit`, limit, `quantities must match the regular expression '${quantityForm}'`)];
  return size < 0 ? [invalidValue(`${path}.sizeLimit`, limit, "must be greater than or equal to 0")] : [];
}
