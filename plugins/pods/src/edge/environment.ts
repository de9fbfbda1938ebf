import { fieldOf } from "./fields.ts";
import type { PodObjects } from "./objects.ts";
import type { KeyRef, Pod, PodContainer } from "./pod.ts";
import { amountOf } from "./quantity.ts";
import { Waiting } from "./waiting.ts";

export type Environment = readonly { readonly name: string; readonly value: string }[];

/** The variables of a container, as the kubelet makes them; throws {@link Waiting} for what is missing. */
export function environmentOf(
  pod: Pod,
  container: PodContainer,
  objects: PodObjects,
  node: { readonly hostIp: string },
): Environment {
  const values = new Map<string, string>();
  for (const source of container.envFrom ?? []) {
    for (const [key, bytes] of wholeObject(source, objects)) values.set(`${source.prefix ?? ""}${key}`, text(bytes));
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      values.set(name, expand(value ?? "", values));
      continue;
    }
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
    const bytes = configMapKeyRef
      ? oneKey("configmap", configMapKeyRef, (object) => objects.configMap(object))
      : secretKeyRef && oneKey("secret", secretKeyRef, (object) => objects.secret(object));
    if (bytes !== undefined) values.set(name, text(bytes));
    else if (fieldRef) values.set(name, known(fieldRef.fieldPath, fieldOf(pod, fieldRef.fieldPath, node)));
    else if (resourceFieldRef) values.set(name, resourceOf(pod, container, resourceFieldRef));
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

/** `$(NAME)` becomes the variable's value where there is one, and `$$` a dollar. */
export function expand(value: string, values: ReadonlyMap<string, string>): string {
  return value.replace(/\$(\$|\(([^)]*)\))/g, (whole, kind: string, name: string) =>
    kind === "$" ? "$" : (values.get(name) ?? whole),
  );
}

function wholeObject({ configMapRef, secretRef }: NonNullable<PodContainer["envFrom"]>[number], objects: PodObjects) {
  const reference = configMapRef ?? secretRef;
  const name = reference?.name ?? "";
  const found = configMapRef ? objects.configMap(name) : objects.secret(name);
  if (found !== undefined || reference?.optional) return found ?? new Map<string, Uint8Array>();
  throw new Waiting("CreateContainerConfigError", `${configMapRef ? "configmap" : "secret"} "${name}" not found`);
}

function oneKey(
  kind: string,
  { name = "", key, optional = false }: KeyRef,
  get: (name: string) => ReadonlyMap<string, Uint8Array> | undefined,
): Uint8Array | undefined {
  const found = get(name);
  const value = found?.get(key);
  if (value !== undefined || optional) return value;
  const problem = found === undefined ? `${kind} "${name}" not found` : `couldn't find key ${key} in ${kind} ${name}`;
  throw new Waiting("CreateContainerConfigError", problem);
}

function known(path: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new Waiting("CreateContainerConfigError", `unsupported fieldPath: ${path}`);
}

function resourceOf(pod: Pod, own: PodContainer, reference: { resource: string; containerName?: string }): string {
  const { resource, containerName } = reference;
  const container = pod.spec.containers.find(({ name }) => name === containerName) ?? own;
  const [side = "limits", name = ""] = resource.split(".", 2);
  const value = container.resources?.[side as "limits" | "requests"]?.[name];
  return value === undefined ? "0" : String(Math.ceil(amountOf(value)));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
