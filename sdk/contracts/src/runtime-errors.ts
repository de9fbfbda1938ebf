import { defineErrors } from "@skerry/plugin";

/** Errors that every implementation of the workload runtime contract raises alike. */
export const runtimeErrors = defineErrors({
  SKERRY_RUNTIME_STOPPED: {
    family: "misuse",
    message: "the runtime {runtime} is not running",
    advice: "Use a runtime only between its start and its stop.",
  },
  SKERRY_RUNTIME_NO_SUCH: {
    family: "conflict",
    message: "{what} {id} does not exist in the runtime {runtime}",
    advice: "List what there is, and go on from that.",
  },
  SKERRY_RUNTIME_WRONG_STATE: {
    family: "conflict",
    message: "{what} {id} is {state}; expected {expected}",
    advice: "List what there is, and go on from that.",
  },
  SKERRY_RUNTIME_BAD_CONTAINER: {
    family: "invalid",
    message: "container {container} cannot be run: {problem}",
    advice: "Correct the container in the Pod, or the program it runs.",
  },
  SKERRY_RUNTIME_TIMED_OUT: {
    family: "unavailable",
    message: "command timed out: {command} timed out after {timeout}",
    advice: "Give it more time, or find out in the container what it waits for.",
  },
  SKERRY_RUNTIME_NO_EXEC: {
    family: "misuse",
    message: "the runtime {runtime} starts no second program in a container",
    advice: "Use a runtime of containers for Pods that need it.",
  },
  SKERRY_RUNTIME_FULL: {
    family: "unavailable",
    message: "the runtime {runtime} runs {limit} containers and takes no more",
    advice: "It is tried again; remove a Pod from the node, or raise the limit in the settings of the runtime.",
  },
  SKERRY_RUNTIME_BAD_IMAGE_NAME: {
    family: "invalid",
    message: "image name {image}: {problem}",
    advice: "Write it as [registry/]name[:tag][@digest].",
  },
  SKERRY_RUNTIME_IMAGE_NOT_FOUND: {
    family: "invalid",
    message: "image {image} does not exist, or this node may not have it: {problem}",
    advice: "Check name and tag, and imagePullSecrets if the registry asks who it is.",
  },
  SKERRY_RUNTIME_IMAGE_UNAVAILABLE: {
    family: "unavailable",
    message: "image {image} could not be fetched: {problem}",
    advice: "Check that this node reaches the registry; it is tried again.",
  },
  SKERRY_RUNTIME_BAD_IMAGE: {
    family: "invalid",
    message: "image {image} cannot be used by the runtime {runtime}: {problem}",
    advice: "Use an image that was built for this runtime.",
  },
});
