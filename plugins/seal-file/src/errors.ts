import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_SEAL_BAD_KEY: {
    family: "settings",
    message: "the key in {file} {problem}",
    advice:
      "Restore the file, or remove it: a new key is made, and what the old one sealed comes again from the cloud.",
  },
});
