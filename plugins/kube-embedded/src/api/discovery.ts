import { groupVersionOf, type JsonObject, type KindInfo, type SubresourceInfo } from "../kinds.ts";

const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/** What can be done with a status. */
export const statusVerbs = ["get", "patch", "update"];

/** Questions about oneself. */
export const selfReviewKinds: readonly KindInfo[] = [
  reviewKind("authorization.k8s.io", "SelfSubjectAccessReview"),
  reviewKind("authorization.k8s.io", "SelfSubjectRulesReview"),
  reviewKind("authentication.k8s.io", "SelfSubjectReview"),
];

/** Resources that are only ever created: each answers a question and keeps nothing. */
export const reviewKinds: readonly KindInfo[] = [
  ...selfReviewKinds,
  reviewKind("authentication.k8s.io", "TokenReview"),
];

/** `/api`. */
export function apiVersions(address: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

/** `/apis`. */
export function apiGroupList(kinds: readonly KindInfo[]): JsonObject {
  const groups = [...groupsOf(kinds)].filter(([group]) => group !== "").map(([group, of]) => apiGroup(group, of));
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** `/apis/<group>`, or `undefined` for a group that nobody serves. */
export function apiGroupOf(group: string, kinds: readonly KindInfo[]): JsonObject | undefined {
  const own = kinds.filter((kind) => kind.group === group);
  return own.length === 0 ? undefined : { kind: "APIGroup", apiVersion: "v1", ...apiGroup(group, own) };
}

/** `/api/v1` and `/apis/<group>/<version>`. */
export function apiResourceList(group: string, version: string, kinds: readonly KindInfo[]): JsonObject | undefined {
  const own = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (own.length === 0) return undefined;
  const resources = own.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs ?? allVerbs,
      ...lists(kind),
    },
    ...(kind.subresources.status
      ? [
          {
            name: `${kind.plural}/status`,
            singularName: "",
            namespaced: kind.namespaced,
            kind: kind.kind,
            verbs: statusVerbs,
          },
        ]
      : []),
    ...partsOf(kind).map(({ name, group: of, version: at, kind: its, verbs }) => ({
      name: `${kind.plural}/${name}`,
      singularName: "",
      namespaced: kind.namespaced,
      ...(of === group && at === version ? {} : { group: of, version: at }),
      kind: its,
      verbs,
    })),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: groupVersionOf({ group, version }), resources };
}

/** `/api` and `/apis` as `apidiscovery.k8s.io`: everything in one answer. */
export function aggregatedDiscovery(kinds: readonly KindInfo[], core: boolean, version: string): JsonObject {
  const items = [...groupsOf(kinds)]
    .filter(([group]) => (group === "") === core)
    .map(([group, own]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versionsOf(own).map((name) => ({
        version: name,
        freshness: "Current",
        resources: own.filter((kind) => kind.version === name).map(aggregatedResource),
      })),
    }));
  const apiVersion = `apidiscovery.k8s.io/${version}`;
  return { kind: "APIGroupDiscoveryList", apiVersion, metadata: {}, items };
}

function aggregatedResource(kind: KindInfo): JsonObject {
  const responseKind = { group: kind.group, version: kind.version, kind: kind.kind };
  const subresources = [
    ...(kind.subresources.status ? [{ subresource: "status", responseKind, verbs: statusVerbs }] : []),
    ...partsOf(kind).map(({ name, group, version, kind: its, verbs }) => ({
      subresource: name,
      responseKind: { group, version, kind: its },
      verbs,
    })),
  ];
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs ?? allVerbs,
    ...lists(kind),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

function partsOf(kind: KindInfo): readonly SubresourceInfo[] {
  return kind.subresources.others ?? [];
}

function lists({ shortNames, categories }: KindInfo): JsonObject {
  return {
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

function apiGroup(group: string, kinds: readonly KindInfo[]): JsonObject {
  const versions = versionsOf(kinds).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, ...(versions[0] === undefined ? {} : { preferredVersion: versions[0] }) };
}

function groupsOf(kinds: readonly KindInfo[]): ReadonlyMap<string, readonly KindInfo[]> {
  const groups = new Map<string, KindInfo[]>();
  for (const kind of kinds) groups.set(kind.group, [...(groups.get(kind.group) ?? []), kind]);
  return groups;
}

function versionsOf(kinds: readonly KindInfo[]): readonly string[] {
  return [...new Set(kinds.map((kind) => kind.version))].sort(byStability);
}

/** Kubernetes' order of versions: stable before beta before alpha, newer before older, others last. */
function byStability(left: string, right: string): number {
  const rank = (version: string): readonly number[] => {
    const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    if (major === undefined) return [3, 0, 0];
    return [stage === undefined ? 0 : stage === "beta" ? 1 : 2, -Number(major), -Number(minor ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left < right ? -1 : 1;
}

function reviewKind(group: string, kind: string): KindInfo {
  return {
    group,
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: false,
    subresources: { status: false },
    verbs: ["create"],
  };
}
