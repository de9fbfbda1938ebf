import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_NODES_NOT_ITSELF: {
    family: "denied",
    message: "node {node} reported facts of the node {name}",
    advice: "A node reports itself only: find out who holds the certificate of {node}; the report is dropped.",
  },
  SKERRY_NODES_BAD_FACTS: {
    family: "invalid",
    message: "node {node} sent facts that cannot be read: {problem}",
    advice: "Run the same version of Skerry on the node as in the cloud; the report is dropped.",
  },
  SKERRY_NODES_FOREIGN: {
    family: "denied",
    message: "the Node {node} exists and is not an edge node of Skerry: it has no label {label}",
    advice: "Give the edge node another name, or delete the Node, or set the label on it if it is the same machine.",
  },
  SKERRY_NODES_NOT_WRITTEN: {
    family: "unavailable",
    message: "the Kubernetes API did not take the facts of the node {node}: {problem}",
    advice: "Check that the account of the cloud kernel may write nodes and their status; it is tried again.",
  },
  SKERRY_NODES_LEASE_CONTENDED: {
    family: "unavailable",
    message: "the Lease of the node {node} was written by others at every one of {attempts} attempts",
    advice: "Find out who keeps writing it, with kubectl get --show-managed-fields; it is tried again.",
  },
});
