import { type KubeApi, type KubeObject, maximumObjectBytes, type ObjectRef } from "@skerry/contracts";
import { configMapResource, secretResource } from "../shared/pod-resources.ts";
import { referencesOf } from "./pod-references.ts";
import { PodsInterest } from "./pods-interest.ts";

const resources = [configMapResource, secretResource];

/**
 * What a Pod waits for in vain because it is larger than the link takes. A node cannot tell such an object from one
 * that does not exist.
 *
 * @returns sentences for the user who made the Pod
 */
export async function oversizedObjects(kube: KubeApi, pod: KubeObject): Promise<readonly string[]> {
  const problems = await Promise.all(referencesOf(pod).map((reference) => problemOf(kube, reference)));
  return problems.filter((problem) => problem !== undefined);
}

async function problemOf(kube: KubeApi, reference: ObjectRef): Promise<string | undefined> {
  const resource = resources.find(({ group, kind }) => group === reference.group && kind === reference.kind);
  if (resource === undefined) return undefined;
  const object = await kube.get(resource, reference);
  if (object === undefined) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(new PodsInterest().project(object)));
  if (bytes <= maximumObjectBytes) return undefined;
  const { kind, name } = reference;
  return `${kind} ${name} has ${bytes} bytes as JSON, and a node is sent at most ${maximumObjectBytes}: split it, or put its contents into an image`;
}
