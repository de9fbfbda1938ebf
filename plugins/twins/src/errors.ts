import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_TWINS_NOT_OWNER: {
    family: "denied",
    message: "node {node} reported the device {device}, which belongs to node {owner}",
    advice: "Nothing needs to be done when the device was moved just now; the report is dropped.",
  },
  SKERRY_TWINS_UNKNOWN_DEVICE: {
    family: "invalid",
    message: "node {node} reported the device {device}, which does not exist (uid {uid})",
    advice: "Nothing needs to be done when the device was deleted just now; the report is dropped.",
  },
  SKERRY_TWINS_BAD_REPORT: {
    family: "invalid",
    message: "node {node} sent a twin report for {device} that cannot be read: {problem}",
    advice: "Run the same version of Skerry on the node as in the cloud; the report is dropped.",
  },
  SKERRY_TWINS_NOT_WRITTEN: {
    family: "unavailable",
    message: "the Kubernetes API did not take what changed on the device {device}: {problem}",
    advice: "Check that the account of the cloud kernel may write devices and their status; it is tried again.",
  },
  SKERRY_TWINS_CONTENDED: {
    family: "unavailable",
    message: "the device {device} was changed by others at every one of {attempts} attempts to write it",
    advice: "Find out who keeps writing it, with kubectl get --show-managed-fields; it is tried again.",
  },
  SKERRY_TWINS_STOPPED: {
    family: "unavailable",
    message: "the twins are stopped; the device {device} was not written",
    advice: "Nothing needs to be done: it is sent again after the start.",
  },
  SKERRY_TWINS_CRD_NOT_ESTABLISHED: {
    family: "unavailable",
    message: "the API server did not establish {name} in time: {problem}",
    advice: "Look at the conditions of this CustomResourceDefinition; another definition may use the same names.",
  },
  SKERRY_TWINS_NODE_NAME: {
    family: "settings",
    message: "an edge node must not be named {name}: desired values that were set in the cloud bear that name",
    advice: "Give the node another name.",
  },
  SKERRY_TWINS_UNKNOWN_TWIN: {
    family: "invalid",
    message: "there is no device {device} on this node",
    advice:
      "List the devices of this node with skerry status; a device outside of the namespace default is namespace/name.",
  },
  SKERRY_TWINS_UNKNOWN_PROPERTY: {
    family: "invalid",
    message: "the device {device} has no property {property}; it has {known}",
    advice: "Name one of its properties.",
  },
  SKERRY_TWINS_BAD_VALUE: {
    family: "invalid",
    message: "expected a JSON value for {property}, found {found}",
    advice: "Write strings with JSON's quotes, for instance '\"auto\"'.",
  },
});
