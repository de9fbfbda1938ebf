import { type KubeObject, type ObjectRef, refKey } from "@skerry/contracts";
import { objectAt, objectsIn, textAt } from "../shared/member.ts";

const containerLists = ["initContainers", "containers", "ephemeralContainers"];

/** Types of volumes, and where each names a Secret. */
const volumeSecrets: readonly (readonly string[])[] = [
  ["secret", "secretName"],
  ["azureFile", "secretName"],
  ["csi", "nodePublishSecretRef", "name"],
  ...["cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"].map((type) => [
    type,
    "secretRef",
    "name",
  ]),
];

/** What cannot be the name of an object is not asked for. */
const objectName = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;

/** The ConfigMaps, Secrets and the RuntimeClass that a Pod names, each once: those a kubelet reads for it. */
export function referencesOf(pod: KubeObject): readonly ObjectRef[] {
  const { spec } = pod;
  const { namespace = "default" } = pod.metadata;
  const found = new Map<string, ObjectRef>();
  const add = (ref: ObjectRef) => objectName.test(ref.name) && found.set(refKey(ref), ref);
  for (const name of configMapNames(spec)) add({ group: "", kind: "ConfigMap", namespace, name });
  for (const name of secretNames(spec)) add({ group: "", kind: "Secret", namespace, name });
  const runtimeClass = textAt(spec, "runtimeClassName");
  if (runtimeClass !== undefined) add({ group: "node.k8s.io", kind: "RuntimeClass", name: runtimeClass });
  return [...found.values()];
}

function configMapNames(spec: unknown): readonly string[] {
  return [
    ...environmentNames(spec, "configMapRef", "configMapKeyRef"),
    ...volumes(spec).map((volume) => textAt(volume, "configMap", "name")),
    ...projections(spec).map((source) => textAt(source, "configMap", "name")),
  ].filter(isText);
}

function secretNames(spec: unknown): readonly string[] {
  return [
    ...objectsIn(spec, "imagePullSecrets").map((reference) => textAt(reference, "name")),
    ...environmentNames(spec, "secretRef", "secretKeyRef"),
    ...volumes(spec).flatMap((volume) => volumeSecrets.map((path) => textAt(volume, ...path))),
    ...projections(spec).map((source) => textAt(source, "secret", "name")),
  ].filter(isText);
}

function environmentNames(spec: unknown, whole: string, key: string): readonly (string | undefined)[] {
  const containers = containerLists.flatMap((list) => objectsIn(spec, list));
  return containers.flatMap((container) => [
    ...objectsIn(container, "envFrom").map((source) => textAt(source, whole, "name")),
    ...objectsIn(container, "env").map((variable) => textAt(variable, "valueFrom", key, "name")),
  ]);
}

function volumes(spec: unknown): readonly object[] {
  return objectsIn(spec, "volumes");
}

function projections(spec: unknown): readonly object[] {
  return volumes(spec).flatMap((volume) => objectsIn(objectAt(volume, "projected"), "sources"));
}

function isText(name: string | undefined): name is string {
  return name !== undefined;
}
