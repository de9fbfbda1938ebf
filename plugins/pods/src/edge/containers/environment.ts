import { fieldOf, type Place, resourceOf } from "../pod/fields.ts";
import type { EnvSource, EnvVar, KeyRef, Pod, PodContainer } from "../pod/pod.ts";
import type { Data, PodObjects } from "../pod-objects.ts";
import { Waiting } from "./waiting.ts";

export interface Environment {
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  /** Sentences on keys that name no variable and were skipped. */
  readonly skipped: readonly string[];
}

const variableName = /^(?!\.\.?$)[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const configError = "CreateContainerConfigError";

/** The variables of a container, as the kubelet makes them; throws {@link Waiting} for what is missing. */
export function environmentOf(pod: Pod, container: PodContainer, objects: PodObjects, place: Place): Environment {
  const values = new Map<string, string>();
  const skipped: string[] = [];
  for (const source of container.envFrom ?? []) {
    const names = [...textsOf(source, objects)].map(
      ([key, bytes]) => [`${source.prefix ?? ""}${key}`, text(bytes)] as const,
    );
    for (const [name, value] of names) if (variableName.test(name)) values.set(name, value);
    const wrong = names.map(([name]) => name).filter((name) => !variableName.test(name));
    if (wrong.length > 0) skipped.push(skippedSentence(source, pod, wrong));
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, { pod, container, objects, place, values });
    if (value !== undefined) values.set(variable.name, value);
  }
  return { variables: [...values].map(([name, value]) => ({ name, value })), skipped };
}

/** `$(NAME)` becomes the variable's value where there is one, and `$$` a dollar. */
export function expand(value: string, values: ReadonlyMap<string, string>): string {
  return value.replace(/\$(\$|\(([^)]*)\))/g, (whole, kind: string, name: string) =>
    kind === "$" ? "$" : (values.get(name) ?? whole),
  );
}

interface VariableParts {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly objects: PodObjects;
  readonly place: Place;
  readonly values: ReadonlyMap<string, string>;
}

function variableValue({ value, valueFrom }: EnvVar, parts: VariableParts): string | undefined {
  const { pod, container, objects, place, values } = parts;
  if (value !== undefined && value !== "") return expand(value, values);
  if (valueFrom === undefined) return "";
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (configMapKeyRef) return keyOf("ConfigMap", configMapKeyRef, objects.configMap(configMapKeyRef.name ?? ""), pod);
  if (secretKeyRef) return keyOf("Secret", secretKeyRef, objects.secret(secretKeyRef.name ?? ""), pod);
  if (fieldRef) {
    const found = fieldOf(pod, fieldRef, place);
    if (found === undefined) throw new Waiting(configError, `unsupported fieldPath: ${fieldRef.fieldPath}`);
    return found;
  }
  if (resourceFieldRef) {
    const found = resourceOf(pod, container, resourceFieldRef, place);
    if (found === undefined)
      throw new Waiting(configError, `unsupported container resource: ${resourceFieldRef.resource}`);
    return found;
  }
  return "";
}

function textsOf({ configMapRef, secretRef }: EnvSource, objects: PodObjects): ReadonlyMap<string, Uint8Array> {
  const reference = configMapRef ?? secretRef;
  if (reference === undefined) return new Map();
  const name = reference.name ?? "";
  const found = configMapRef ? objects.configMap(name) : objects.secret(name);
  if (found !== undefined) return found.texts;
  if (reference.optional === true) return new Map();
  throw new Waiting(configError, `${configMapRef ? "configmap" : "secret"} "${name}" not found`);
}

function keyOf(kind: string, { name = "", key, optional = false }: KeyRef, found: Data | undefined, pod: Pod) {
  const value = found?.texts.get(key);
  if (value !== undefined) return text(value);
  if (optional) return undefined;
  if (found === undefined) throw new Waiting(configError, `${kind.toLowerCase()} "${name}" not found`);
  throw new Waiting(configError, `couldn't find key ${key} in ${kind} ${pod.metadata.namespace}/${name}`);
}

function skippedSentence({ configMapRef, secretRef }: EnvSource, { metadata }: Pod, names: readonly string[]): string {
  const source = `${configMapRef ? "configMap" : "secret"} ${metadata.namespace}/${(configMapRef ?? secretRef)?.name ?? ""}`;
  const keys = [...names].sort().join(", ");
  return `Keys [${keys}] from the EnvFrom ${source} were skipped since they are considered invalid environment variable names.`;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
