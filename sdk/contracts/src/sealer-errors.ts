import { defineErrors } from "@skerry/plugin";

/** Errors that every implementation of the sealer contract raises alike. */
export const sealerErrors = defineErrors({
  SKERRY_SEAL_BROKEN: {
    family: "corrupt",
    message: "{context} cannot be opened: {problem}",
    advice:
      "If the key was lost, nothing has to be done: what was sealed by it comes again from the cloud, or is made anew.",
  },
});
