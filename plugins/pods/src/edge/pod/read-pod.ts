import type { KubeObject } from "@skerry/contracts";
import type { Pod } from "./pod.ts";

type Check = (value: unknown) => boolean;

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
/** It names folders. */
const identifier = /^[A-Za-z0-9]([-A-Za-z0-9]{0,126}[A-Za-z0-9])?$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTruth: Check = (value) => typeof value === "boolean";
const isAmount: Check = (value) => typeof value === "string" || typeof value === "number";
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const among =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(String(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

/** Members that are there must fit; those marked `!` must be there. Others are the table of supported fields' to judge. */
function shape(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members).map(
    ([name, check]) => [name.replace("!", ""), name.endsWith("!"), check] as const,
  );
  return (value) =>
    isObject(value) &&
    checks.every(([name, isRequired, check]) =>
      value[name] === undefined || value[name] === null ? !isRequired : check(value[name]),
    );
}

const keyRef = shape({ name: isText, "key!": isText, optional: isTruth });
const fieldRef = shape({ "fieldPath!": isText });
const resourceFieldRef = shape({ "resource!": isText, containerName: isText, divisor: isAmount });
const wholeRef = shape({ name: isText, optional: isTruth });
const securityContext = shape({
  runAsUser: isCount,
  runAsGroup: isCount,
  runAsNonRoot: isTruth,
  supplementalGroups: listOf(isCount),
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
const sources = { configMap: objectSource, secret: objectSource, downwardAPI: downwardSource };

/** What of a Pod a node reads, in the order in which it is looked at. */
const parts: readonly (readonly [string, Check])[] = Object.entries({
  nodeName: isText,
  runtimeClassName: isText,
  restartPolicy: among("Always", "OnFailure", "Never"),
  terminationGracePeriodSeconds: isCount,
  activeDeadlineSeconds: isCount,
  hostname: isText,
  serviceAccountName: isText,
  imagePullSecrets: listOf(shape({ name: isText })),
  initContainers: listOf(container),
  containers: listOf(container),
  securityContext,
  volumes: listOf(
    shape({
      "name!": matches(label),
      ...sources,
      projected: shape({ sources: listOf(shape(sources)), defaultMode: isCount }),
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
