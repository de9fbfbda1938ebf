import type { KubeObject } from "@skerry/contracts";
import { lifecycle, probe } from "./handler-shape.ts";
import type { Pod } from "./pod.ts";
import {
  among,
  type Check,
  isAmount,
  isCount,
  isObject,
  isText,
  isTruth,
  listOf,
  mapOf,
  matches,
  shape,
} from "./shape.ts";

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
/** It names folders. */
const identifier = /^[A-Za-z0-9]([-A-Za-z0-9]{0,126}[A-Za-z0-9])?$/;

const keyRef = shape({ name: isText, "key!": isText, optional: isTruth });
const fieldRef = shape({ "fieldPath!": isText });
const resourceFieldRef = shape({ "resource!": isText, containerName: isText, divisor: isAmount });
const wholeRef = shape({ name: isText, optional: isTruth });
const securityContext = shape({
  runAsUser: isCount,
  runAsGroup: isCount,
  runAsNonRoot: isTruth,
  supplementalGroups: listOf(isCount),
  privileged: isTruth,
  readOnlyRootFilesystem: isTruth,
  allowPrivilegeEscalation: isTruth,
  capabilities: shape({ add: listOf(isText), drop: listOf(isText) }),
  seccompProfile: shape({ "type!": isText }),
});
const isUnique: Check = (value) =>
  Array.isArray(value) && new Set(value.map((entry: { name?: unknown }) => entry.name)).size === value.length;

const container = shape({
  "name!": matches(label),
  image: isText,
  imagePullPolicy: among("Always", "IfNotPresent", "Never"),
  command: listOf(isText),
  args: listOf(isText),
  workingDir: isText,
  restartPolicy: isText,
  env: listOf(
    shape({
      "name!": isText,
      value: isText,
      valueFrom: shape({ configMapKeyRef: keyRef, secretKeyRef: keyRef, fieldRef, resourceFieldRef }),
    }),
  ),
  envFrom: listOf(shape({ prefix: isText, configMapRef: wholeRef, secretRef: wholeRef })),
  resources: shape({ limits: mapOf(isAmount), requests: mapOf(isAmount) }),
  volumeMounts: listOf(
    shape({ "name!": isText, "mountPath!": isText, readOnly: isTruth, subPath: isText, subPathExpr: isText }),
  ),
  ports: listOf(shape({ name: isText, "containerPort!": isCount })),
  lifecycle,
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  securityContext,
  terminationMessagePath: isText,
  terminationMessagePolicy: isText,
});

const objectSource = shape({
  name: isText,
  secretName: isText,
  items: listOf(shape({ "key!": isText, "path!": isText, mode: isCount })),
  defaultMode: isCount,
  optional: isTruth,
});
const downwardSource = shape({
  items: listOf(shape({ "path!": isText, mode: isCount, fieldRef, resourceFieldRef })),
  defaultMode: isCount,
});
const tokenSource = shape({ "path!": isText, audience: isText, expirationSeconds: isCount });
const sources = { configMap: objectSource, secret: objectSource, downwardAPI: downwardSource };

/** What of a Pod a node reads, in the order in which it is looked at. */
const parts: readonly (readonly [string, Check])[] = Object.entries({
  nodeName: isText,
  runtimeClassName: isText,
  restartPolicy: among("Always", "OnFailure", "Never"),
  terminationGracePeriodSeconds: isCount,
  activeDeadlineSeconds: isCount,
  hostname: isText,
  hostNetwork: isTruth,
  hostPID: isTruth,
  hostIPC: isTruth,
  shareProcessNamespace: isTruth,
  hostAliases: listOf(shape({ "ip!": isText, hostnames: listOf(isText) })),
  serviceAccountName: isText,
  imagePullSecrets: listOf(shape({ name: isText })),
  initContainers: listOf(container),
  containers: listOf(container),
  securityContext,
  volumes: listOf(
    shape({
      "name!": matches(label),
      ...sources,
      projected: shape({
        sources: listOf(shape({ ...sources, serviceAccountToken: tokenSource })),
        defaultMode: isCount,
      }),
      emptyDir: isObject,
    }),
  ),
});

/** The Pod in an object of the replica, or what is wrong with it: an API that validates lets none of that pass. */
export function readPod(object: KubeObject): Pod | string {
  const { metadata, spec } = object;
  if (!matches(subdomain)(metadata.name)) return "metadata.name is no name of a Pod";
  if (!matches(label)(metadata.namespace)) return "metadata.namespace is no name of a namespace";
  if (!matches(identifier)(metadata.uid)) return "metadata.uid is no identifier";
  if (!isObject(spec)) return "spec is missing";
  const wrong = parts.find(([name, check]) => spec[name] !== undefined && spec[name] !== null && !check(spec[name]));
  if (wrong !== undefined) return `spec.${wrong[0]} is not as Kubernetes has it`;
  const { containers, initContainers = [], volumes = [] } = spec as unknown as Partial<Pod["spec"]>;
  if (containers === undefined || containers.length === 0) return "spec.containers is empty";
  if (!isUnique([...initContainers, ...containers])) return "two containers have the same name";
  if (!isUnique(volumes)) return "two volumes have the same name";
  return object as Pod;
}
