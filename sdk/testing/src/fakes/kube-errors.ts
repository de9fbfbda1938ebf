import { defineErrors } from "@skerry/plugin";

/** The errors that the contract `kube.api/1` names, as the fake throws them. */
export const kubeErrors = defineErrors({
  SKERRY_KUBE_CONFLICT: {
    family: "conflict",
    message: "{subject}: {problem}",
    advice: "Read the object again, and repeat the change on what it is now.",
  },
  SKERRY_KUBE_INVALID: {
    family: "invalid",
    message: "{subject}: {problem}",
    advice: "Correct the object as the message says.",
  },
  SKERRY_KUBE_FORBIDDEN: {
    family: "denied",
    message: "{subject}: {problem}",
    advice: "Give the credentials of this kernel the missing permission.",
  },
  SKERRY_KUBE_NOT_FOUND: {
    family: "conflict",
    message: "{subject} does not exist",
    advice: "Create the object first, or install its CustomResourceDefinition.",
  },
  SKERRY_KUBE_UNAVAILABLE: {
    family: "unavailable",
    message: "{subject}: {problem}",
    advice: "Try again later.",
  },
});

export type KubeErrorCode = keyof typeof kubeErrors.definitions;
