import { builtInKind } from "./built-in-kind.ts";
import { validateData, validateImmutable } from "./config-data.ts";
import { about, bytes, kindSchema, mapOf, text, truth } from "./schema-parts.ts";

export const configMapKind = builtInKind({
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  schema: kindSchema("ConfigMap holds configuration data for pods to consume.", {
    data: mapOf(text, "Data contains the configuration data."),
    binaryData: mapOf(bytes, "BinaryData contains the binary data."),
    immutable: about(truth, "Immutable, if set to true, ensures that data stored in the ConfigMap cannot be updated."),
  }),
  strategy: {
    validate: (object, old) => [
      ...validateData(object, "data", "binaryData"),
      ...validateImmutable(object, old, ["data", "binaryData"]),
    ],
  },
});
