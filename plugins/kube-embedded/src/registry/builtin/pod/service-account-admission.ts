import { forbidden } from "../../../api/status-error.ts";
import type { JsonObject } from "../../../kinds.ts";
import { objectsAt, textAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";
import type { BirthContext } from "../../strategy.ts";
import { mapped } from "./spec-defaults.ts";

export const serviceAccountStorage = "/serviceaccounts";
const pods = { group: "", plural: "pods" };

/** Where every container finds how to reach the Kubernetes API, and as whom. */
const accessPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";
/** In each namespace; the authority of the API. */
export const rootCaName = "kube-root-ca.crt";

/**
 * Gives a new Pod what its ServiceAccount brings: its pull secrets, where the Pod names none, and, unless Pod or account
 * declines, a volume with a token. `403` when there is no such account; `default` is there in a moment, and not waited for.
 *
 * @param spec with its defaults
 */
export function withServiceAccount(spec: JsonObject, pod: ApiObject, context: BirthContext): JsonObject {
  const { name: podName, namespace = "" } = pod.metadata;
  const name = textAt(spec, "serviceAccountName");
  const account = context
    .list(serviceAccountStorage)
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (account === undefined && name !== "default") {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw forbidden(pods, podName, why);
  }
  const secrets = account === undefined ? [] : objectsAt(account, "imagePullSecrets");
  const pulls = objectsAt(spec, "imagePullSecrets").length > 0 || secrets.length === 0;
  const whole = pulls ? spec : { ...spec, imagePullSecrets: secrets };
  const isMounted = spec["automountServiceAccountToken"] ?? account?.["automountServiceAccountToken"] ?? true;
  return isMounted === true ? withAccess(whole, context) : whole;
}

function withAccess(spec: JsonObject, context: BirthContext): JsonObject {
  const volumes = objectsAt(spec, "volumes");
  const present = volumes.map((volume) => textAt(volume, "name")).find((name) => name.startsWith(volumePrefix));
  const name = present ?? context.generateName(volumePrefix);
  let isUsed = false;
  const mounted = (container: JsonObject): JsonObject => {
    const mounts = objectsAt(container, "volumeMounts");
    if (mounts.some((mount) => mount["mountPath"] === accessPath)) return container;
    isUsed = true;
    return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath: accessPath }] };
  };
  const containers = { ...mapped(spec, "initContainers", mounted), ...mapped(spec, "containers", mounted) };
  const added = isUsed && present === undefined ? { volumes: [...volumes, accessVolume(name)] } : {};
  return { ...spec, ...containers, ...added };
}

function accessVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: rootCaName, items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
    },
  };
}
