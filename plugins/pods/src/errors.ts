import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_PODS_NOT_OWNER: {
    family: "denied",
    message: "node {node} reported the Pod {pod}, which belongs to {owner}",
    advice: "A node reports its own Pods only: find out who holds the certificate of {node}; the report is dropped.",
  },
  SKERRY_PODS_BAD_REPORT: {
    family: "invalid",
    message: "node {node} sent a report of the Pod {pod} that cannot be read: {problem}",
    advice: "Run the same version of Skerry on the node as in the cloud; the report is dropped.",
  },
  SKERRY_PODS_NOT_WRITTEN: {
    family: "unavailable",
    message: "the Kubernetes API did not take what the node {node} reported of the Pod {pod}: {problem}",
    advice:
      "Check that the account of the cloud kernel may write the status of pods and delete them; it is tried again.",
  },
  SKERRY_PODS_CONTENDED: {
    family: "unavailable",
    message: "the Pod {pod} was changed by others at every one of {attempts} attempts to write its status",
    advice: "Find out who keeps writing it, with kubectl get --show-managed-fields; it is tried again.",
  },
  SKERRY_PODS_TOKEN_DENIED: {
    family: "denied",
    message: "node {node} asked for a token of the Pod {pod}, and gets none: {problem}",
    advice:
      "A node gets the tokens that its own Pods name. If it asked for anything else, find out who holds its certificate.",
  },
  SKERRY_PODS_BAD_LINE: {
    family: "invalid",
    message: "what came over the stream of tokens cannot be read: {problem}",
    advice: "Run the same version of Skerry on the node as in the cloud; the stream is closed, and opened again later.",
  },
  SKERRY_PODS_TOKENS_AWAY: {
    family: "unavailable",
    message: "the cloud cannot be asked for a token: {problem}",
    advice: "Nothing has to be done: it is asked when the link is back, and until then what there is stays in place.",
  },
  SKERRY_PODS_TOKEN_REFUSED: {
    family: "denied",
    message: "{problem}",
    advice: "Read the reason: it is that of the Kubernetes API, or of the cloud kernel, whose log has it as well.",
  },
  SKERRY_PODS_NO_END: {
    family: "bug",
    message: "the Pod {pod} is not in step after {steps} steps",
    advice: "Report it with the node's log; the Pod is tried again, and others are not touched by it.",
  },
});
