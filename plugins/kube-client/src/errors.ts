import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_CONFLICT: {
    family: "conflict",
    message: "{subject}: {problem}",
    advice: "Read the object again, and repeat the change on what it is now.",
  },
  SKERRY_KUBE_INVALID: {
    family: "invalid",
    message: "{subject}: {problem}",
    advice: "Correct the object or the request as the message says.",
  },
  SKERRY_KUBE_FORBIDDEN: {
    family: "denied",
    message: "{subject}: {problem}",
    advice: "Give the credentials of this kernel the missing permission, or correct the credentials.",
  },
  SKERRY_KUBE_NOT_FOUND: {
    family: "conflict",
    message: "{subject}: {problem}",
    advice: "Create the object first, or install the CustomResourceDefinition of its kind.",
  },
  SKERRY_KUBE_UNAVAILABLE: {
    family: "unavailable",
    message: "{subject}: {problem}",
    advice: "Check that the Kubernetes API runs and can be reached; try again.",
  },
  SKERRY_KUBE_ENDPOINT: {
    family: "settings",
    message: "the Kubernetes API at {url} is not reached by https:// with a CA of its own",
    advice: "Give the kube.endpoint/1 of this profile an https:// address and the PEM of its CA.",
  },
  SKERRY_KUBE_KIND: {
    family: "invalid",
    message: 'the Kubernetes API serves no resource "{word}"',
    advice: "Check the spelling; `skerry get crds` lists the custom resources, an unready definition serves none.",
  },
  SKERRY_KUBE_USAGE: {
    family: "misuse",
    message: "{problem}",
    advice: "Usage: {usage}",
  },
});
