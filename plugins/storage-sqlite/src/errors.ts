import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_STORAGE_BAD_NAME: {
    family: "misuse",
    message: 'store name "{name}" is not 1 to 64 of a-z, 0-9 and -',
    advice: "Name stores with lower-case letters, digits and dashes.",
  },
  SKERRY_STORAGE_BAD_KEY: {
    family: "misuse",
    message: "a key of store {store} is not well-formed Unicode: {key}",
    advice: "Encode binary keys, for instance in hexadecimal.",
  },
  SKERRY_STORAGE_BAD_RANGE: {
    family: "misuse",
    message: "range of store {store}: {problem}",
    advice: "Give either a prefix or from and before, and a limit that is a whole number of at least 0.",
  },
  SKERRY_STORAGE_STOPPED: {
    family: "misuse",
    message: "the storage is not running",
    advice: "Use the storage only between its start and its stop.",
  },
  SKERRY_STORAGE_TOO_LARGE: {
    family: "invalid",
    message: "{what} in store {store} has {bytes} bytes; the limit is {limit}",
    advice: "Split the value, or shorten the key.",
  },
  SKERRY_STORAGE_FULL: {
    family: "unavailable",
    message: "the disk is full; nothing of the batch for store {store} was written",
    advice: "Free space on the node's disk; writers try again.",
  },
  SKERRY_STORAGE_CORRUPT: {
    family: "corrupt",
    message: "the database {path} cannot be trusted: {reason}",
    advice:
      "Skerry keeps the file and does not write to it. Move it away, restore a copy, or start with an empty home.",
  },
  SKERRY_STORAGE_TOO_NEW: {
    family: "settings",
    message: "the database {path} has schema version {found}; this version of Skerry knows up to {known}",
    advice: "Run the version of Skerry that wrote the file, or a newer one.",
  },
  SKERRY_STORAGE_UNAVAILABLE: {
    family: "unavailable",
    message: "the database {path} cannot be used: {reason}",
    advice: "Check that the folder exists and is writable, and that no other kernel uses the same home.",
  },
});
