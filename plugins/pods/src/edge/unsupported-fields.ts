import type { Pod } from "./pod.ts";

/** Fields that the node acts on, that only the cloud acts on, or that ask for nothing that a WASM container lacks. */
const podFields = new Set([
  ...["nodeName", "runtimeClassName", "restartPolicy", "terminationGracePeriodSeconds", "hostname", "volumes"],
  ...["initContainers", "containers", "serviceAccountName", "serviceAccount", "automountServiceAccountToken"],
  ...["nodeSelector", "affinity", "tolerations", "schedulerName", "priority", "priorityClassName", "preemptionPolicy"],
  ...["topologySpreadConstraints", "overhead", "dnsPolicy", "enableServiceLinks", "os", "schedulingGates"],
]);
const containerFields = new Set([
  ...["name", "image", "imagePullPolicy", "command", "args", "workingDir", "env", "envFrom", "resources"],
  ...["volumeMounts", "ports", "terminationMessagePath", "terminationMessagePolicy", "restartPolicy"],
]);

/** What of a Pod has no effect on this node, as paths: a user hears of it in an event. */
export function unsupportedFields({ spec }: Pod): readonly string[] {
  const ofPod = Object.entries(spec)
    .filter(([name, value]) => !podFields.has(name) && isSet(value))
    .map(([name]) => `spec.${name}`);
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const ofContainers = containers.flatMap(({ name: container, ...fields }) => {
    const unknown = Object.entries(fields).filter(([name, value]) => !containerFields.has(name) && isSet(value));
    const cpu = fields.resources?.limits?.["cpu"] === undefined ? [] : ["resources.limits.cpu"];
    return [...unknown.map(([name]) => name), ...cpu].map((name) => `spec.containers{${container}}.${name}`);
  });
  return [...ofPod, ...ofContainers];
}

/** False, nothing and `{}` ask for nothing. */
function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
