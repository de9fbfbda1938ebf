import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_CRI_UNREACHABLE: {
    family: "unavailable",
    message: "the container runtime at {socket} does not answer: {reason}",
    advice:
      "Check that it runs and that this user may use its socket; containers go on meanwhile, and it is tried again.",
  },
  SKERRY_CRI_FAILED: {
    family: "unavailable",
    message: "the container runtime refused {verb}: {reason}",
    advice: "The reason is the runtime's own; its log says more.",
  },
  SKERRY_CRI_VERSION: {
    family: "unavailable",
    message: "the container runtime at {socket} does not speak CRI v1: {reason}",
    advice: "Use containerd 1.6 or newer, or CRI-O 1.24 or newer, with their CRI enabled.",
  },
});
