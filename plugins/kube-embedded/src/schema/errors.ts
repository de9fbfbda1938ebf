import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_KUBE_EMBEDDED_SCHEMA: {
    family: "invalid",
    message: "the schema at {path} cannot be used: {problem}",
    advice: "Correct the openAPIV3Schema of the CustomResourceDefinition.",
  },
});
