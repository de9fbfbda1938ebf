import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_EMBEDDED_FILE: {
    family: "settings",
    message: "kube-embedded cannot use {file} (setting {setting}): {problem}",
    advice: "Point the setting at a readable PEM file; relative paths start at the node's home.",
  },
  SKERRY_KUBE_EMBEDDED_TOKENS: {
    family: "settings",
    message: 'line {line} of the tokens file {file} is not token,user,uid,"group1,group2": {problem}',
    advice: "Correct the line; the file is a Kubernetes static token file.",
  },
  SKERRY_KUBE_EMBEDDED_LISTEN: {
    family: "settings",
    message: "kube-embedded cannot listen on {host}:{port}: {problem}",
    advice: "Choose a free port with the setting listen.port, or 0 for any.",
  },
  SKERRY_KUBE_EMBEDDED_NOT_STARTED: {
    family: "misuse",
    message: "the embedded Kubernetes API was asked for {what} before it was started",
    advice: "Ask in start(), not in a constructor.",
  },
  SKERRY_KUBE_EMBEDDED_STOPPED: {
    family: "unavailable",
    message: "the embedded Kubernetes API is stopping and takes no more writes",
    advice: "Try again after the restart.",
  },
  SKERRY_KUBE_EMBEDDED_CORRUPT: {
    family: "corrupt",
    message: "the stored entry {key} of the embedded Kubernetes API cannot be read: {problem}",
    advice: "Restore the store from a backup, or remove this entry by hand; nothing was changed.",
  },
  SKERRY_KUBE_EMBEDDED_CRD: {
    family: "corrupt",
    message: "the stored CustomResourceDefinition {name} cannot be served: {problem}",
    advice: "Delete and create the definition again; its objects are kept until then.",
  },
});
