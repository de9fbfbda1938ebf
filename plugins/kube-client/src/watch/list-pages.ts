import type { KubeObject, ListOptions, Resource } from "@skerry/contracts";
import { jsonOf, type KubeHttp } from "../http/kube-http.ts";
import { apiVersionOf, collectionPath } from "../http/resource-path.ts";

interface Page {
  readonly items?: readonly KubeObject[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

export interface Listed {
  readonly objects: readonly KubeObject[];
  /** From which a watch goes on. */
  readonly version: string;
}

const pageLength = 500;

/** Everything that is listed, page by page; in one piece when the pages expire while they are read. */
export async function listAll(
  http: KubeHttp,
  resource: Resource,
  options: ListOptions,
  signal?: AbortSignal,
): Promise<Listed> {
  return await listWhole({ http, resource, options, ...cancelled(signal) });
}

/** The same, of each object its metadata. */
export async function listMetadata(
  http: KubeHttp,
  resource: Resource,
  options: ListOptions,
  signal: AbortSignal,
): Promise<{ readonly objects: readonly Pick<KubeObject, "metadata">[]; readonly version: string }> {
  return await listWhole({ http, resource, options, signal, accept: metadataOnly });
}

/** The version of a collection now, whoever writes: a list without a version is answered from what is committed, not from a cache. */
export async function newestVersion(http: KubeHttp, resource: Resource, signal: AbortSignal): Promise<string> {
  const subject = `list ${resource.plural}`;
  const query = { limit: "1" };
  const answer = await http.exchange({ path: collectionPath(resource), query, subject, signal, accept: metadataOnly });
  return (jsonOf(answer, subject) as Page).metadata?.resourceVersion ?? "";
}

const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

interface ListRequest {
  readonly http: KubeHttp;
  readonly resource: Resource;
  readonly options: ListOptions;
  readonly signal?: AbortSignal;
  readonly accept?: string;
}

async function listWhole(request: ListRequest): Promise<Listed> {
  return (await listPaged(request, pageLength)) ?? ((await listPaged(request, undefined)) as Listed);
}

async function listPaged(
  { http, resource, options: { namespace, labelSelector }, signal, accept }: ListRequest,
  limit: number | undefined,
): Promise<Listed | undefined> {
  const path = collectionPath(resource, namespace);
  const subject = `list ${resource.plural}`;
  const objects: KubeObject[] = [];
  const query = { labelSelector, limit: limit === undefined ? undefined : String(limit) };
  const read = async (next: string | undefined): Promise<Listed | undefined> => {
    const answer = await http.exchange({
      path,
      query: { ...query, continue: next },
      subject,
      ...cancelled(signal),
      ...(accept === undefined ? {} : { accept }),
    });
    if (answer.status === 410 && next !== undefined) return undefined;
    const { items, metadata = {} } = jsonOf(answer, subject) as Page;
    for (const item of items ?? []) objects.push(typed(item, resource));
    if (!metadata.continue) return { objects, version: metadata.resourceVersion ?? "" };
    return await read(metadata.continue);
  };
  return await read(undefined);
}

function cancelled(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}

/** Lists of Kubernetes' own kinds leave out what each item is. */
function typed(item: KubeObject, resource: Resource): KubeObject {
  return { ...item, apiVersion: item.apiVersion ?? apiVersionOf(resource), kind: item.kind ?? resource.kind };
}
