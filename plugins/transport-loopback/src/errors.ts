import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_TRANSPORT_UNREACHABLE: {
    family: "unavailable",
    message: "nobody answers at {address} of the loopback hub: {reason}",
    advice: "Wait for the listener; the link tries again by itself.",
  },
  SKERRY_TRANSPORT_REFUSED: {
    family: "denied",
    message: "the loopback hub refuses connections to {address}",
    advice: "Set refuse of the hub to false.",
  },
  SKERRY_TRANSPORT_ADDRESS_IN_USE: {
    family: "settings",
    message: "somebody listens at {address} of the loopback hub already",
    advice: "Close the other listener, or choose another address or hub.",
  },
  SKERRY_TRANSPORT_RECEIVER_SET: {
    family: "misuse",
    message: "the connection with {peer} has a receiver already",
    advice: "Call receive once for each connection.",
  },
});
