import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_LINK_LOG_CORRUPT: {
    family: "corrupt",
    message: 'what the log "{type}" knows of itself cannot be read; it takes and sends nothing',
    advice:
      "Restore the database of the node from a backup, or remove it: what the node holds comes again from the cloud.",
  },
});
