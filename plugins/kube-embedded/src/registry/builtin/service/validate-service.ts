import { type FieldError, isJsonObject, type JsonObject } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";
import { invalidValue, labelProblem, notSupportedValue, requiredValue, subdomainProblem } from "../../names.ts";
import { isServiceAddress } from "./cluster-address.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const protocols = ["SCTP", "TCP", "UDP"];

export function validateService(service: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const spec = isJsonObject(service["spec"]) ? service["spec"] : {};
  const type = String(spec["type"]);
  const errors: FieldError[] = types.includes(type) ? [] : [notSupportedValue("spec.type", type, types)];
  if (type === "ExternalName") errors.push(...externalNameErrors(spec));
  else errors.push(...addressErrors(service, spec, old));
  const affinity = spec["sessionAffinity"];
  if (affinity !== "None" && affinity !== "ClientIP") {
    errors.push(notSupportedValue("spec.sessionAffinity", affinity, ["ClientIP", "None"]));
  }
  return [...errors, ...portErrors(spec, type)];
}

function externalNameErrors(spec: JsonObject): readonly FieldError[] {
  const name = spec["externalName"];
  if (typeof name !== "string" || name === "") return [requiredValue("spec.externalName")];
  const problem = subdomainProblem(name.replace(/\.$/, ""));
  return problem === undefined ? [] : [invalidValue("spec.externalName", name, problem)];
}

function addressErrors(service: ApiObject, spec: JsonObject, old: ApiObject | undefined): readonly FieldError[] {
  const address = textAt(service, "spec", "clusterIP");
  const before = old === undefined ? "" : textAt(old, "spec", "clusterIP");
  const list = [address];
  if (before !== "" && address !== before && spec["type"] === "ClusterIP") {
    return [invalidValue("spec.clusterIPs[0]", list, "may not change once set")];
  }
  if (address === "None" && spec["type"] !== "ClusterIP") {
    return [invalidValue("spec.clusterIPs[0]", address, `may not be set to 'None' for ${spec["type"]} services`)];
  }
  if (address === "None" || isServiceAddress(address)) return [];
  const why = `failed to allocate IP ${address}: the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/16`;
  return [invalidValue("spec.clusterIPs", list, why)];
}

function portErrors(spec: JsonObject, type: string): readonly FieldError[] {
  const ports = objectsAt(spec, "ports");
  const isOptional = type === "ExternalName" || spec["clusterIP"] === "None";
  if (ports.length === 0 && !isOptional) return [requiredValue("spec.ports")];
  const seen = new Set<string>();
  const names = new Set<string>();
  return ports.flatMap((port, i) => {
    const at = `spec.ports[${i}]`;
    const errors: FieldError[] = [];
    const { name = "", port: number, protocol, targetPort } = port;
    if (name === "" && ports.length > 1) errors.push(requiredValue(`${at}.name`));
    if (name !== "") {
      const problem = labelProblem(String(name));
      if (problem !== undefined) errors.push(invalidValue(`${at}.name`, name, problem));
      if (names.has(String(name))) errors.push(duplicate(`${at}.name`, name));
      names.add(String(name));
    }
    if (!isPort(number)) errors.push(invalidValue(`${at}.port`, number, portRange));
    if (typeof targetPort === "number" && !isPort(targetPort)) {
      errors.push(invalidValue(`${at}.targetPort`, targetPort, portRange));
    }
    if (!protocols.includes(String(protocol))) errors.push(notSupportedValue(`${at}.protocol`, protocol, protocols));
    const key = `${protocol}/${number}`;
    if (seen.has(key)) errors.push(duplicate(at, { port: number, protocol }));
    seen.add(key);
    return errors;
  });
}

export const portRange = "must be between 1 and 65535, inclusive";

export function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function duplicate(field: string, value: unknown): FieldError {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${JSON.stringify(value)}` };
}
