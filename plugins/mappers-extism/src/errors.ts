import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_METER_TOO_LARGE: {
    family: "guest",
    message: "the module has {found} bytes; at most {limit} are allowed",
    advice: "Build the mapper with optimisation, or split it.",
  },
  SKERRY_METER_INVALID: {
    family: "guest",
    message: "not a valid WebAssembly module: {problem}",
    advice: "Build the mapper again; a damaged file does not match the digest it was published with.",
  },
  SKERRY_METER_UNSUPPORTED: {
    family: "guest",
    message: "the module uses {feature}, which cannot be metered (at byte {offset})",
    advice:
      "Build the mapper for the WebAssembly MVP with sign extension, bulk memory, reference types and multi-value.",
  },
  SKERRY_METER_MEMORY: {
    family: "guest",
    message: "the module asks for {found} {what}; at most {limit} are allowed",
    advice: "Reduce it, or raise the limit in mapper.json and in the settings of mappers-extism.",
  },
  SKERRY_RUNNER_WRONG_ABI: {
    family: "guest",
    message: "{mapper} states ABI {found}; this node speaks {expected}",
    advice: "Build the mapper with the guest kit of this version of Skerry.",
  },
  SKERRY_RUNNER_BAD_IMPORT: {
    family: "denied",
    message: "{mapper} imports {found}; {expected}",
    advice: "Import only from skerry:mapper/v0, and list every import in mapper.json.",
  },
  SKERRY_RUNNER_BAD_EXPORT: {
    family: "guest",
    message: "{mapper}: the export {name} {problem}",
    advice: "Export what docs/reference/mapper-abi-v0.md requires and mapper.json lists.",
  },
  SKERRY_RUNNER_LIMIT: {
    family: "denied",
    message: "{mapper} asks for {limit} {found}; this node allows {allowed}",
    advice: "Raise the limit in the settings of mappers-extism, or lower it in mapper.json.",
  },
  SKERRY_RUNNER_TRAPPED: {
    family: "guest",
    message: "{mapper} trapped in {event}: {problem}",
    advice: "Report it to the mapper's author; its log lines come before this one.",
  },
  SKERRY_RUNNER_OUT_OF_FUEL: {
    family: "guest",
    message: "{mapper} used up its {fuel} fuel in one call of {event}",
    advice: "Raise limits.fuelPerCall in mapper.json if the work is legitimate; else report it to the mapper's author.",
  },
  SKERRY_RUNNER_FLOODED: {
    family: "guest",
    message: "{mapper} went over {limit} {what} in one call of {event}",
    advice: "Report it to the mapper's author; a mapper spreads its work over several events.",
  },
  SKERRY_RUNNER_FAILED: {
    family: "guest",
    message: "{mapper} answered {event} with {status} instead of 0",
    advice: "Report it to the mapper's author; its log lines come before this one.",
  },
  SKERRY_RUNNER_STOPPED: {
    family: "misuse",
    message: "{mapper} was called for {event} after it was stopped",
    advice: "Start a new guest.",
  },
  SKERRY_MAPPERS_UNKNOWN: {
    family: "unavailable",
    message: 'there is no mapper "{mapper}" in {directory}',
    advice: "Correct spec.mapper of the DeviceModel, or install the mapper on this node.",
  },
  SKERRY_MAPPERS_BAD_FILE: {
    family: "invalid",
    message: "cannot load {file}: {problem}",
    advice: "Install the mapper again.",
  },
  SKERRY_MAPPERS_BAD_CONNECTION: {
    family: "invalid",
    message: '{field}: expected {expected}, found "{found}"',
    advice: "Correct spec.connection of the Device.",
  },
  SKERRY_MAPPERS_NO_PROPERTY: {
    family: "invalid",
    message: 'the model has no property "{property}"',
    advice: "Correct spec.desired of the Device, or add the property to its DeviceModel.",
  },
});
