import type { Clock, Condition, KubeApi, KubeObject, Resource } from "@skerry/contracts";
import { errorFamily, errorMessage } from "@skerry/plugin";
import deviceModels from "../crds/devicemodels.json" with { type: "json" };
import devices from "../crds/devices.json" with { type: "json" };
import { errors } from "../errors.ts";

export const definitionResource: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

/** The CustomResourceDefinitions of `devices.skerry.dev`. */
export const definitions: readonly KubeObject[] = [deviceModels, devices];

const pollMs = 50;

/**
 * Installs or updates the definitions and waits until the API serves them. An API that cannot be reached is tried
 * again until the signal is aborted: `SKERRY_TWINS_CRD_NOT_ESTABLISHED`.
 */
export async function installDefinitions(kube: KubeApi, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const definition of definitions) {
    const { name } = definition.metadata;
    let problem = await install(kube, definition);
    while (problem !== undefined) {
      try {
        await clock.sleep(pollMs, signal);
      } catch (error) {
        throw errors.create("SKERRY_TWINS_CRD_NOT_ESTABLISHED", { name, problem }, error);
      }
      problem = await (problem === notYet ? established(kube, name) : install(kube, definition));
    }
  }
}

/** Nobody has to act on these: another cloud kernel may be installing at the same time. */
const passing: readonly string[] = ["unavailable", "conflict"];

const notYet = "it is not established yet";

async function install(kube: KubeApi, definition: KubeObject): Promise<string | undefined> {
  try {
    await kube.apply(definition, definitionResource, { fieldManager: "skerry-twins" });
  } catch (error) {
    if (!passing.includes(errorFamily(error))) throw error;
    return errorMessage(error);
  }
  return established(kube, definition.metadata.name);
}

async function established(kube: KubeApi, name: string): Promise<string | undefined> {
  try {
    const found = await kube.get(definitionResource, { name });
    const { conditions = [] } = (found?.status ?? {}) as { readonly conditions?: readonly Condition[] };
    return conditions.some(({ type, status }) => type === "Established" && status === "True") ? undefined : notYet;
  } catch (error) {
    if (!passing.includes(errorFamily(error))) throw error;
    return errorMessage(error);
  }
}
