import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_BUS_BAD_TOPIC: {
    family: "misuse",
    message: "MQTT topic or filter {topic}: {problem}",
    advice: "Use a topic of MQTT 3.1.1, section 4.7: levels between slashes, wildcards only in filters.",
  },
  SKERRY_BUS_TOO_LARGE: {
    family: "invalid",
    message: "the payload for {topic} has {bytes} bytes; the limit is {limit}",
    advice: "Send less in one message, or raise the setting maximumPayloadBytes of mqtt-aedes.",
  },
  SKERRY_BUS_FULL: {
    family: "unavailable",
    message: "no room to retain a message on {topic}: retained messages may take {limit} bytes",
    advice: "Clear retained topics nobody needs, or raise the setting maximumRetainedBytes of mqtt-aedes.",
  },
  SKERRY_BUS_STOPPED: {
    family: "misuse",
    message: "the message bus is not running",
    advice: "Use the bus only between its start and its stop.",
  },
  SKERRY_BUS_INSECURE_LISTENER: {
    family: "settings",
    message:
      "mqtt-aedes is set to listen on {host}, which is not a loopback address; its clients are not authenticated",
    advice: "Set listen.host to 127.0.0.1 or ::1.",
  },
  SKERRY_BUS_CANNOT_LISTEN: {
    family: "settings",
    message: "mqtt-aedes cannot listen on {host}:{port}: {reason}",
    advice: "Stop the other MQTT broker, or set listen.port to a free port.",
  },
});
