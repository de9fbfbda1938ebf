import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_MAPPER_BAD_VALUE: {
    family: "invalid",
    message: "expected {expected}, found {found}",
    advice: "Send a value of the property's type; docs/reference/mapper-abi-v0.md lists the encodings.",
  },
  SKERRY_MAPPER_TOO_LONG: {
    family: "invalid",
    message: "{what} has {found} bytes; at most {limit} are allowed",
    advice: "Shorten it; the budgets are in docs/reference/mapper-abi-v0.md.",
  },
  SKERRY_MAPPER_BAD_EVENT: {
    family: "invalid",
    message: "the event for {event} is not as the ABI says: {problem}",
    advice: "Compare with the event layouts in docs/reference/mapper-abi-v0.md.",
  },
  SKERRY_MAPPER_BAD_EFFECT: {
    family: "guest",
    message: "{effect} was called with bad arguments: {problem}",
    advice: "Correct the mapper; docs/reference/mapper-abi-v0.md lists the arguments of every import.",
  },
  SKERRY_MAPPER_BAD_CONFIG: {
    family: "invalid",
    message: "{where}: {problem}",
    advice: "Correct the Device or its DeviceModel.",
  },
});
