import type { Subresource } from "../subresource.ts";
import { builtInKind } from "./built-in-kind.ts";
import { about, byDefault, kindSchema, listByKey, objectReference, record, text, truth } from "./schema-parts.ts";

const token: Subresource = {
  name: "token",
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenRequest",
  verbs: ["create"],
  answer: (account, request, { issueToken }) => issueToken(account, request),
};

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
  subresources: [token],
});
