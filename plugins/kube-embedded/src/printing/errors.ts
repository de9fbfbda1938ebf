import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_EMBEDDED_JSON_PATH: {
    family: "invalid",
    message: "the JSONPath {path} cannot be read at position {position}",
    advice: "Use names, ['quoted.names'], [0], [*] and filters such as [?(@.type=='Ready')].",
  },
});
