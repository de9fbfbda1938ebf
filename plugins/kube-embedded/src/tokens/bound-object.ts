import { badRequest, conflict, notFound } from "../api/status-error.ts";
import type { JsonObject } from "../kinds.ts";
import { textAt } from "../printing/member-at.ts";
import { type ApiObject, objectKey } from "../registry/api-object.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { NamedObject, TokenSubject } from "./token-claims.ts";

type Bound = Pick<TokenSubject, "pod" | "secret" | "node">;

const plurals: Readonly<Record<string, string>> = { Pod: "pods", Secret: "secrets", Node: "nodes" };

/** What `spec.boundObjectRef` names. `400` for a kind that no token is bound to, `404` and `409` for what is not there. */
export function boundObject(reference: JsonObject, account: ApiObject, store: ObjectStore): Bound {
  const kind = textAt(reference, "kind");
  const apiVersion = textAt(reference, "apiVersion");
  const plural = plurals[kind];
  if (plural === undefined || apiVersion !== "v1") {
    throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  }
  const name = textAt(reference, "name");
  const uid = textAt(reference, "uid");
  const namespace = kind === "Node" ? undefined : account.metadata.namespace;
  const object = store.collection(`/${plural}`).get(objectKey(namespace, name));
  if (object === undefined) throw notFound({ group: "", plural }, name);
  if (uid !== "" && uid !== object.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: "", plural }, name, why);
  }
  if (kind === "Secret") return { secret: named(object) };
  return kind === "Node" ? { node: named(object) } : podAndNode(object, account, store);
}

function podAndNode(pod: ApiObject, account: ApiObject, store: ObjectStore): Bound {
  if (textAt(pod, "spec", "serviceAccountName") !== account.metadata.name) {
    const whose = JSON.stringify(account.metadata.name);
    throw badRequest(
      `cannot bind token for serviceaccount ${whose} to pod running with different serviceaccount name.`,
    );
  }
  const nodeName = textAt(pod, "spec", "nodeName");
  if (nodeName === "") return { pod: named(pod) };
  const node = store.collection("/nodes").get(objectKey(undefined, nodeName));
  return { pod: named(pod), node: { name: nodeName, uid: node?.metadata.uid ?? "" } };
}

function named({ metadata: { name, uid = "" } }: ApiObject): NamedObject {
  return { name, uid };
}
