import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_LINK_TWO_INTERESTS: {
    family: "manifest",
    message: "{first} and {second} both say which nodes {kind} concerns",
    advice: "Keep one of the two plugins in the profile, or give each kind to one of them.",
  },
  SKERRY_LINK_TWO_RECEIVERS: {
    family: "manifest",
    message: '{first} and {second} both receive the uplink type "{type}"',
    advice: "Keep one of the two plugins in the profile.",
  },
  SKERRY_LINK_TWO_HANDLERS: {
    family: "manifest",
    message: '{first} and {second} both answer streams of the kind "{kind}"',
    advice: "Keep one of the two plugins in the profile.",
  },
  SKERRY_LINK_NODE_AWAY: {
    family: "unavailable",
    message: "the node {node} is not connected to this cloud kernel",
    advice: "Look at kubectl get nodes, and try again when it is back.",
  },
  SKERRY_LINK_STREAMS_USED_UP: {
    family: "unavailable",
    message: "the node's session has {most} streams already",
    advice: "End some of them: kubectl logs -f, exec and port-forward each hold one or more.",
  },
  SKERRY_LINK_NO_STREAM_HANDLER: {
    family: "unavailable",
    message: 'no plugin of the node answers streams of the kind "{kind}"',
    advice: "Add the plugin that does to the node's profile.",
  },
  SKERRY_LINK_STREAM_RESET: {
    family: "unavailable",
    message: "the other side ended the stream: {message} ({code})",
    advice: "The reason is the other side's; its log may say more.",
  },
  SKERRY_LINK_SESSION_ENDED: {
    family: "unavailable",
    message: "the connection with the node ended, and the stream with it: {reason}",
    advice: "Try again when the node is back.",
  },
});
