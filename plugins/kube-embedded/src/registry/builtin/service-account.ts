import { builtInKind } from "./built-in-kind.ts";
import { about, byDefault, kindSchema, listByKey, objectReference, record, text, truth } from "./schema-parts.ts";

export const serviceAccountKind = builtInKind({
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  namespaced: true,
  schema: kindSchema("ServiceAccount binds together a name, a principal, and a set of secrets.", {
    secrets: listByKey("name", objectReference, "Secrets that pods of this account may use."),
    imagePullSecrets: listByKey("name", record({ name: byDefault(text, "") }), "Secrets with which images are pulled."),
    automountServiceAccountToken: about(truth, "Whether pods get a token of the account as a volume."),
  }),
  unserved: { token: "this server issues no tokens for service accounts" },
});
