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
  SKERRY_TRANSPORT_PROXY_UNREACHABLE: {
    family: "unavailable",
    message: "cannot reach the proxy {proxy}: {reason}",
    advice:
      "Check that the proxy runs and is the right one; the setting proxy.url names another, or goes past it with direct.",
  },
  SKERRY_TRANSPORT_PROXY_REFUSED: {
    family: "denied",
    message: "the proxy {proxy} gives no way to {address}: {reason}",
    advice: "Let the proxy permit CONNECT to {address}, and check the file of the setting proxy.credentials.",
  },
  SKERRY_TRANSPORT_BAD_PROXY: {
    family: "settings",
    message: "the proxy of {source} {problem}",
    advice: "Write it as http://host:port or https://host:port, or set proxy.url to direct.",
  },
  SKERRY_TRANSPORT_BAD_CREDENTIALS: {
    family: "settings",
    message: "{file}, which the setting {setting} names, {problem}",
    advice: "Put one line user:password there, and give the file the mode 0600.",
  },
  SKERRY_TRANSPORT_NOT_ONE_FILE: {
    family: "settings",
    message: "the certificate in {certificate} and its key in {key} cannot be replaced in one step",
    advice: "Put both in one PEM file and name it in tls.certificate and tls.key, or renew the certificate yourself.",
  },
  SKERRY_TRANSPORT_RECEIVER_SET: {
    family: "misuse",
    message: "the connection with {peer} has a receiver already",
    advice: "Call receive once for each connection.",
  },
});
