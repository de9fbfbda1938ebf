import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../../names.ts";
import { isPort, portRange } from "../service/validate-service.ts";
import { portNameProblem } from "./validate-ports.ts";

const probes = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const counts = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

/** Probes and lifecycle of one container. @param isBrief an init container that ends, which has neither */
export function validateProbes(container: JsonObject, path: string, isBrief: boolean): readonly FieldError[] {
  const lifecycle = container["lifecycle"];
  const hooks = isJsonObject(lifecycle) ? lifecycle : {};
  if (isBrief) {
    const given = [...probes, "lifecycle"].filter((name) => container[name] !== undefined);
    return given.map((name) =>
      forbiddenValue(`${path}.${name}`, "may not be set for init containers without restartPolicy=Always"),
    );
  }
  return [
    ...probes.flatMap((name) => probeErrors(container[name], `${path}.${name}`, name)),
    ...["postStart", "preStop"].flatMap((name) => handlerErrors(hooks[name], `${path}.lifecycle.${name}`)),
  ];
}

function probeErrors(probe: JsonValue | undefined, path: string, name: string): readonly FieldError[] {
  if (!isJsonObject(probe)) return [];
  const errors = [...handlerErrors(probe, path)];
  for (const count of counts) {
    const value = probe[count];
    if (typeof value === "number" && value < 0) {
      errors.push(invalidValue(`${path}.${count}`, value, "must be greater than or equal to 0"));
    }
  }
  const successes = probe["successThreshold"];
  if (name !== "readinessProbe" && typeof successes === "number" && successes !== 1) {
    errors.push(invalidValue(`${path}.successThreshold`, successes, "must be 1"));
  }
  return errors;
}

function handlerErrors(handler: JsonValue | undefined, path: string): readonly FieldError[] {
  if (!isJsonObject(handler)) return [];
  const given = handlers.filter((name) => handler[name] !== undefined);
  const [first = "", ...more] = given;
  if (given.length === 0) return [requiredValue(path, "must specify a handler type")];
  if (more.length > 0) {
    return more.map((name) => forbiddenValue(`${path}.${name}`, "may not specify more than 1 handler type"));
  }
  const of = handler[first];
  if (!isJsonObject(of)) return [];
  if (first === "exec") {
    const { command } = of;
    return Array.isArray(command) && command.length > 0 ? [] : [requiredValue(`${path}.exec.command`)];
  }
  const { port } = of;
  if (port === undefined || isPort(port)) return [];
  if (typeof port === "number") return [invalidValue(`${path}.${first}.port`, port, portRange)];
  const problem = portNameProblem(String(port));
  return problem === undefined ? [] : [invalidValue(`${path}.${first}.port`, port, problem)];
}
