import { defineErrors } from "@skerry/plugin";

/** Errors that every implementation of the storage contract raises alike. */
export const storageErrors = defineErrors({
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
});
