import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBECONFIG_UNREADABLE: {
    family: "settings",
    message: "the file {file} cannot be used: {problem}",
    advice: "Put a readable file there, or change the settings of the plugin kubeconfig.",
  },
  SKERRY_KUBECONFIG_INVALID: {
    family: "settings",
    message: "the kubeconfig {file} cannot be used: {problem}",
    advice: "Correct it; kubectl config view --minify --kubeconfig shows what kubectl makes of it.",
  },
  SKERRY_KUBECONFIG_NO_CLUSTER: {
    family: "settings",
    message: "no Kubernetes API is known: {problem}",
    advice:
      "Name a kubeconfig in the setting file of the plugin kubeconfig, or run this in a Pod with a service account.",
  },
  SKERRY_KUBECONFIG_NOT_STARTED: {
    family: "misuse",
    message: "the endpoint of the plugin kubeconfig was asked before it started",
    advice: "Require kube.endpoint/1, and ask after start.",
  },
});
