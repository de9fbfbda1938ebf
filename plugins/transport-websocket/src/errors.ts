import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_TRANSPORT_UNREACHABLE: {
    family: "unavailable",
    message: "cannot reach {address}: {reason}",
    advice:
      "Check that the cloud runs, and that the network and its firewalls let {address} through; the link tries again by itself.",
  },
  SKERRY_TRANSPORT_REFUSED: {
    family: "denied",
    message: "{address} refused the connection: {reason}",
    advice: "Check that the setting url names the cloud's link and nothing in between answers in its place.",
  },
  SKERRY_TRANSPORT_UNTRUSTED: {
    family: "denied",
    message: "no trust between this node and {address}: {reason}",
    advice: "Check the certificates under the setting tls, on both sides, and both clocks.",
  },
  SKERRY_TRANSPORT_ADDRESS_IN_USE: {
    family: "settings",
    message: "another program listens at {address} already",
    advice: "Stop it, or change the setting listen.port.",
  },
  SKERRY_TRANSPORT_CANNOT_LISTEN: {
    family: "settings",
    message: "cannot listen at {address}: {reason}",
    advice: "Change the setting listen.host or listen.port.",
  },
  SKERRY_TRANSPORT_BAD_TLS_FILE: {
    family: "settings",
    message: "{file}, which the setting {setting} names, {problem}",
    advice: "Put a readable PEM file there, or change the setting {setting}.",
  },
  SKERRY_TRANSPORT_NOT_CONFIGURED: {
    family: "settings",
    message: "to {purpose}, the plugin transport-websocket needs the setting {setting}",
    advice: "Add {setting} to the settings of transport-websocket.",
  },
  SKERRY_TRANSPORT_BAD_URL: {
    family: "settings",
    message: "the setting url is {url}, which is not of the form wss://host:port",
    advice: "Correct the setting url.",
  },
  SKERRY_TRANSPORT_RECEIVER_SET: {
    family: "misuse",
    message: "the connection with {peer} has a receiver already",
    advice: "Call receive once for each connection.",
  },
});
