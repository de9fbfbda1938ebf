import { isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { volumeSources } from "../pod-spec/volumes.ts";

/** The defaults of a PodSpec that depend on other members; they hold in templates as well. */
export function withSpecDefaults(spec: JsonObject): JsonObject {
  const isOnHost = spec["hostNetwork"] === true;
  const { serviceAccount, ...rest } = spec;
  const account = rest["serviceAccountName"] || serviceAccount;
  return {
    ...rest,
    // The older name is kept beside the newer one, as it always has been.
    ...(typeof account === "string" && account !== "" ? { serviceAccountName: account, serviceAccount: account } : {}),
    ...mapped(spec, "containers", (container) => withContainerDefaults(container, isOnHost)),
    ...mapped(spec, "initContainers", (container) => withContainerDefaults(container, isOnHost)),
    ...mapped(spec, "volumes", withSource),
  };
}

/** The member of `object` of that name with its items changed; nothing when it is no list. */
export function mapped(object: JsonObject, name: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = object[name];
  if (!Array.isArray(list)) return {};
  return { [name]: (list as readonly JsonValue[]).map((item) => (isJsonObject(item) ? change(item) : item)) };
}

function withContainerDefaults(container: JsonObject, isOnHost: boolean): JsonObject {
  const { image, imagePullPolicy } = container;
  return {
    ...container,
    ...(imagePullPolicy === undefined || imagePullPolicy === "" ? { imagePullPolicy: pullPolicyOf(image) } : {}),
    ...(isOnHost ? mapped(container, "ports", onHost) : {}),
    ...resourcesOf(container),
  };
}

function resourcesOf(container: JsonObject): JsonObject {
  const { resources } = container;
  if (!isJsonObject(resources)) return {};
  const textual = (name: string) => {
    const quantities = resources[name];
    if (!isJsonObject(quantities)) return {};
    const entries = Object.entries(quantities).map(([key, value]) => [
      key,
      typeof value === "number" ? String(value) : value,
    ]);
    return { [name]: Object.fromEntries(entries) };
  };
  return { resources: { ...resources, ...textual("limits"), ...textual("requests") } };
}

function pullPolicyOf(image: JsonValue | undefined): string {
  if (typeof image !== "string" || image.includes("@")) return "IfNotPresent";
  const [, tag = "latest"] = /:([^:/]+)$/.exec(image) ?? [];
  return tag === "latest" ? "Always" : "IfNotPresent";
}

function onHost(port: JsonObject): JsonObject {
  const { hostPort, containerPort } = port;
  return hostPort === undefined && containerPort !== undefined ? { ...port, hostPort: containerPort } : port;
}

function withSource(volume: JsonObject): JsonObject {
  return volumeSources.some((name) => volume[name] !== undefined) ? volume : { ...volume, emptyDir: {} };
}
