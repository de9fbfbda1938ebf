import {
  about,
  anything,
  each,
  int32,
  intOrString,
  listByKey,
  listOf,
  mapOf,
  record,
  text,
  texts,
  time,
  truth,
} from "../schema-parts.ts";

const terminated = record(
  { exitCode: int32, signal: int32, ...texts("reason", "message", "containerID"), startedAt: time, finishedAt: time },
  { required: ["exitCode"] },
);
const state = record({ waiting: record(texts("reason", "message")), running: record({ startedAt: time }), terminated });

const containerStatus = record(
  {
    ...texts("name", "image", "imageID", "containerID"),
    state,
    lastState: state,
    ready: truth,
    started: truth,
    restartCount: int32,
    allocatedResources: mapOf(intOrString),
    allocatedResourcesStatus: listOf(anything),
    resources: anything,
    volumeMounts: listOf(anything),
    user: anything,
  },
  { required: ["name", "ready", "restartCount", "image", "imageID"] },
);

const nullableTime = { ...time, nullable: true };
const podCondition = record(
  { ...texts("type", "status", "reason", "message"), lastProbeTime: nullableTime, lastTransitionTime: nullableTime },
  { required: ["type", "status"] },
);

const addresses = listByKey("ip", record({ ip: text }, { required: ["ip"] }));

export const podStatus = record(
  {
    phase: about(text, "Pending, Running, Succeeded, Failed or Unknown."),
    conditions: listByKey("type", podCondition, "Current service state of the pod."),
    ...texts("message", "reason", "nominatedNodeName", "hostIP", "podIP", "qosClass", "resize"),
    hostIPs: addresses,
    podIPs: addresses,
    startTime: time,
    ...each(listOf(containerStatus), "initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"),
    resourceClaimStatuses: listByKey("name", record(texts("name", "resourceClaimName"), { required: ["name"] })),
  },
  { description: "Most recently observed status of the pod." },
);
