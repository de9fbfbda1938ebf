import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
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
  SKERRY_STORAGE_TOO_OLD: {
    family: "settings",
    message: "the database {path} has schema version {found}; this version of Skerry reads {known}",
    advice:
      "Skerry keeps the file and does not write to it. Run the version that wrote it, or start with an empty home.",
  },
  SKERRY_STORAGE_UNAVAILABLE: {
    family: "unavailable",
    message: "the database {path} cannot be used: {reason}",
    advice: "Check that the folder exists and is writable, and that no other kernel uses the same home.",
  },
});
