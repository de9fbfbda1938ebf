import { defineErrors } from "@skerry/plugin";

/** Errors that every implementation of `link.uplink/1` and `link.uplink-log/1` raises alike. */
export const uplinkErrors = defineErrors({
  SKERRY_LINK_TOO_LARGE: {
    family: "invalid",
    message: "the state {type}/{name} has {bytes} bytes; the link carries at most {limit}",
    advice: "Report less in one state: fewer or shorter values.",
  },
  SKERRY_LINK_BAD_TYPE: {
    family: "misuse",
    message: 'uplink type "{type}" must match [a-z][a-z0-9-]*',
    advice: "Use the type its receiver in the cloud declares.",
  },
  SKERRY_LINK_BAD_NAME: {
    family: "invalid",
    message:
      'the name "{name}" of a state of type {type} is empty, no well-formed text, or with its type longer than {limit} bytes',
    advice: "Name the subject with 1 to {limit} bytes of text, for instance default/meter-1.",
  },
  SKERRY_LINK_TOO_DEEP: {
    family: "invalid",
    message: "the state {type}/{name} is nested deeper than {limit} levels",
    advice: "Report a flatter value.",
  },
  SKERRY_LINK_STOPPED: {
    family: "misuse",
    message: "the outbox is stopped",
    advice: "Put no state after stop.",
  },
  SKERRY_LINK_OUTBOX_FULL: {
    family: "unavailable",
    message: "the state {key} of {bytes} bytes has no room: {states} states with {used} bytes wait for the cloud",
    advice: "Try again when the node is connected, or raise the setting outbox of kernel/edge-link.",
  },
  SKERRY_LINK_LOG_OPEN: {
    family: "misuse",
    message: 'the log "{type}" is open already',
    advice: "Open each log once, and share it.",
  },
  SKERRY_LINK_LOG_FULL: {
    family: "unavailable",
    message: 'the log "{type}" takes no more: {bytes} of {limit} bytes are used, or the disk is full',
    advice: "Try again when the node is connected and its disk has room.",
  },
});
