import type { JsonObject } from "../../../kinds.ts";
import {
  about,
  anything,
  byDefault,
  int32,
  int64,
  intOrString,
  labelSelector,
  listOf,
  mapOf,
  record,
  templateMetadata,
  text,
  texts,
  truth,
} from "../schema-parts.ts";
import { objectFieldSelector, resourceFieldSelector } from "./containers.ts";

const defaultMode = about(byDefault(int32, 420), "Permission bits of the files, as a decimal number.");
const optional = about(truth, "Whether the object or its keys may be missing.");
const items = listOf(record({ key: text, path: text, mode: int32 }, { required: ["key", "path"] }));
const downwardFile = record(
  { path: text, fieldRef: objectFieldSelector, resourceFieldRef: resourceFieldSelector, mode: int32 },
  { required: ["path"] },
);

const projection = record({
  secret: record({ name: byDefault(text, ""), items, optional }),
  configMap: record({ name: byDefault(text, ""), items, optional }),
  downwardAPI: record({ items: listOf(downwardFile) }),
  serviceAccountToken: record(
    { audience: text, expirationSeconds: byDefault(int64, 3600), path: text },
    { required: ["path"] },
  ),
  clusterTrustBundle: record(
    { ...texts("name", "signerName", "path"), labelSelector, optional: truth },
    { required: ["path"] },
  ),
});

const claimSpec = record({
  accessModes: listOf(text),
  selector: labelSelector,
  resources: record({ limits: mapOf(intOrString), requests: mapOf(intOrString) }),
  ...texts("volumeName", "storageClassName", "volumeAttributesClassName"),
  volumeMode: byDefault(text, "Filesystem"),
  dataSource: record(texts("apiGroup", "kind", "name"), { required: ["kind", "name"] }),
  dataSourceRef: record(texts("apiGroup", "kind", "name", "namespace"), { required: ["kind", "name"] }),
});

/** The sources that manifests use; each is fully described. */
const sources: JsonObject = {
  emptyDir: record(
    { medium: text, sizeLimit: intOrString },
    { description: "A directory that lives as long as the pod." },
  ),
  hostPath: record(
    { path: text, type: byDefault(text, "") },
    { required: ["path"], description: "A file or directory of the node." },
  ),
  configMap: record(
    { name: byDefault(text, ""), items, defaultMode, optional },
    { description: "The keys of a ConfigMap as files." },
  ),
  secret: record({ secretName: text, items, defaultMode, optional }, { description: "The keys of a Secret as files." }),
  downwardAPI: record({ items: listOf(downwardFile), defaultMode }, { description: "Fields of the pod as files." }),
  projected: record({ sources: listOf(projection), defaultMode }, { description: "Several sources in one directory." }),
  persistentVolumeClaim: record({ claimName: text, readOnly: truth }, { required: ["claimName"] }),
  ephemeral: record({
    volumeClaimTemplate: record({ metadata: templateMetadata, spec: claimSpec }, { required: ["spec"] }),
  }),
  csi: record(
    {
      driver: text,
      readOnly: truth,
      fsType: text,
      volumeAttributes: mapOf(text),
      nodePublishSecretRef: record({ name: byDefault(text, "") }),
    },
    { required: ["driver"] },
  ),
  nfs: record({ server: text, path: text, readOnly: truth }, { required: ["server", "path"] }),
  image: record(texts("reference", "pullPolicy")),
};

/** The sources of drivers that nothing here mounts: kept as they are. */
const others: JsonObject = Object.fromEntries(
  [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
  ].map((name) => [name, anything]),
);

/** The members of a volume of which exactly one says what it is. */
export const volumeSources: readonly string[] = [...Object.keys(sources), ...Object.keys(others)];

export const volume = record(
  { name: about(text, "Name of the volume, unique in the pod."), ...sources, ...others },
  { required: ["name"], description: "A volume that the containers of the pod can mount." },
);
