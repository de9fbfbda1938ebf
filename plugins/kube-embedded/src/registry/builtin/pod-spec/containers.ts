import type { JsonObject } from "../../../kinds.ts";
import {
  about,
  byDefault,
  int32,
  intOrString,
  listByKey,
  listOf,
  mapOf,
  record,
  text,
  texts,
  truth,
} from "../schema-parts.ts";
import { lifecycle, probe } from "./probes.ts";
import { containerSecurityContext } from "./security.ts";

const keySelector = (what: string) =>
  record({ name: byDefault(text, ""), key: text, optional: truth }, { required: ["key"], description: what });

export const objectFieldSelector = record(
  { apiVersion: byDefault(text, "v1"), fieldPath: text },
  { required: ["fieldPath"], description: "Selects a field of the pod." },
);

export const resourceFieldSelector = record(
  { containerName: text, resource: text, divisor: byDefault(intOrString, "0") },
  { required: ["resource"], description: "Selects a resource of the container." },
);

const environment = record(
  {
    name: about(text, "Name of the environment variable."),
    value: about(text, "Its value; $(NAME) is expanded from the variables before it."),
    valueFrom: record(
      {
        fieldRef: objectFieldSelector,
        resourceFieldRef: resourceFieldSelector,
        configMapKeyRef: keySelector("Selects a key of a ConfigMap."),
        secretKeyRef: keySelector("Selects a key of a Secret."),
      },
      { description: "Where the value comes from." },
    ),
  },
  { required: ["name"] },
);

const namedSource = record({ name: byDefault(text, ""), optional: truth });

const port = record(
  {
    containerPort: about(int32, "Number of the port on the pod's address."),
    hostPort: about(int32, "Number of the port on the host."),
    hostIP: text,
    name: about(text, "A name that services can use."),
    protocol: about(byDefault(text, "TCP"), "UDP, TCP or SCTP."),
  },
  { required: ["containerPort"] },
);

const mount = record(
  {
    name: about(text, "Name of a volume of the pod."),
    mountPath: about(text, "Path in the container at which the volume is mounted."),
    subPath: about(text, "Path within the volume that is mounted instead of its root."),
    subPathExpr: text,
    readOnly: truth,
    ...texts("recursiveReadOnly", "mountPropagation"),
  },
  { required: ["name", "mountPath"] },
);

/** `ResourceRequirements`: quantities by the name of the resource. */
export const resources = record(
  {
    limits: mapOf(intOrString, "The most of each resource that may be used."),
    requests: mapOf(intOrString, "The least of each resource that is needed."),
    claims: listByKey("name", record(texts("name", "request"), { required: ["name"] })),
  },
  { description: "Compute resources that are needed." },
);

const members: JsonObject = {
  name: about(text, "Name of the container, unique in the pod."),
  image: about(text, "Name of the container image."),
  command: listOf(text, "The program, instead of the image's entrypoint."),
  args: listOf(text, "Arguments of the program."),
  workingDir: text,
  ports: listByKey("containerPort", port, "Ports that the container opens."),
  env: listByKey("name", environment, "Environment variables of the container."),
  envFrom: listOf(
    record({ prefix: text, configMapRef: namedSource, secretRef: namedSource }),
    "Sources whose keys all become environment variables.",
  ),
  resources: byDefault(resources, {}),
  resizePolicy: listOf(record(texts("resourceName", "restartPolicy"), { required: ["resourceName", "restartPolicy"] })),
  restartPolicy: about(text, "Always, for an init container that runs beside the others."),
  volumeMounts: listByKey("mountPath", mount, "Volumes of the pod that the container sees."),
  volumeDevices: listByKey(
    "devicePath",
    record(texts("name", "devicePath"), { required: ["name", "devicePath"] }),
    "Block devices of the container.",
  ),
  livenessProbe: about(probe, "Restarts the container when it fails."),
  readinessProbe: about(probe, "Takes the container out of service endpoints when it fails."),
  startupProbe: about(probe, "Holds the other probes back until it succeeds."),
  lifecycle,
  terminationMessagePath: byDefault(text, "/dev/termination-log"),
  terminationMessagePolicy: byDefault(text, "File"),
  imagePullPolicy: about(text, "Always, Never or IfNotPresent."),
  securityContext: containerSecurityContext,
  stdin: truth,
  stdinOnce: truth,
  tty: truth,
};

/** One container that runs in a pod. */
export const container = record(members, {
  required: ["name"],
  description: "A single application container that you want to run within a pod.",
});

/** A container for debugging, added to a pod that runs. */
export const ephemeralContainer = record({ ...members, targetContainerName: text }, { required: ["name"] });
