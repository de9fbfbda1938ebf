import type { ReplicaInterest, Resource } from "@skerry/contracts";
import type { Contribution } from "@skerry/plugin";
import { errors } from "../errors.ts";

/** A kind, and who says which nodes its objects concern. */
export interface InterestingKind {
  readonly resource: Resource;
  readonly interest: ReplicaInterest;
}

/** Every kind that somebody is interested in. @throws SKERRY_LINK_TWO_INTERESTS */
export function interestingKinds(interests: readonly Contribution<ReplicaInterest>[]): readonly InterestingKind[] {
  const plugins = new Map<string, string>();
  return interests.flatMap(({ plugin: second, value: interest }) =>
    interest.resources.map((resource) => {
      const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
      const first = plugins.get(kind);
      if (first !== undefined) throw errors.create("SKERRY_LINK_TWO_INTERESTS", { first, second, kind });
      plugins.set(kind, second);
      return { resource, interest };
    }),
  );
}

/** The receiver of each uplink or log type. @throws SKERRY_LINK_TWO_RECEIVERS */
export function receiversByType<T extends { readonly type: string }>(
  receivers: readonly Contribution<T>[],
): ReadonlyMap<string, T> {
  const plugins = new Map<string, string>();
  const byType = new Map<string, T>();
  for (const { plugin: second, value: receiver } of receivers) {
    const { type } = receiver;
    const first = plugins.get(type);
    if (first !== undefined) throw errors.create("SKERRY_LINK_TWO_RECEIVERS", { first, second, type });
    plugins.set(type, second);
    byType.set(type, receiver);
  }
  return byType;
}
