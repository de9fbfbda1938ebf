import type { FieldError, JsonObject } from "../../../kinds.ts";
import { objectsAt } from "../../../printing/member-at.ts";
import { invalidValue, notSupportedValue } from "../../names.ts";
import { isPort, portRange } from "../service/validate-service.ts";
import { duplicateValue } from "./field-checks.ts";

const protocols = ["SCTP", "TCP", "UDP"];

/** The ports of one container. */
export function validatePorts(container: JsonObject, path: string): readonly FieldError[] {
  const names = new Set<string>();
  return objectsAt(container, "ports").flatMap((port, i) => {
    const at = `${path}[${i}]`;
    const { name = "", containerPort, hostPort, protocol } = port;
    const errors: FieldError[] = [];
    if (name !== "") {
      const problem = portNameProblem(String(name));
      if (problem !== undefined) errors.push(invalidValue(`${at}.name`, name, problem));
      else if (names.has(String(name))) errors.push(duplicateValue(`${at}.name`, name));
      names.add(String(name));
    }
    if (!isPort(containerPort)) errors.push(invalidValue(`${at}.containerPort`, containerPort, portRange));
    if (hostPort !== undefined && hostPort !== 0 && !isPort(hostPort)) {
      errors.push(invalidValue(`${at}.hostPort`, hostPort, portRange));
    }
    if (!protocols.includes(String(protocol))) errors.push(notSupportedValue(`${at}.protocol`, protocol, protocols));
    return errors;
  });
}

/** What is wrong with the name of a port as an IANA service name. */
export function portNameProblem(name: string): string | undefined {
  if (name.length > 15) return "must be no more than 15 characters";
  if (!/^[-a-z0-9]+$/.test(name)) return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  if (!/[a-z]/.test(name)) return "must contain at least one letter (a-z)";
  if (name.includes("--")) return "must not contain consecutive hyphens";
  return /^-|-$/.test(name) ? "must not begin or end with a hyphen" : undefined;
}
