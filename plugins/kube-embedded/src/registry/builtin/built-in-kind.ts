import type { JsonObject, KindInfo } from "../../kinds.ts";
import { compileSchema } from "../../schema/structural-schema.ts";
import type { ApiObject } from "../api-object.ts";
import type { ServedKind } from "../served-kind.ts";
import { commonStrategy, type Strategy } from "../strategy.ts";
import type { Subresource } from "../subresource.ts";

export interface BuiltInKind {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly hasStatus?: boolean;
  readonly verbs?: readonly string[];
  readonly schema: JsonObject;
  readonly subresources?: readonly Subresource[];
  readonly unserved?: Readonly<Record<string, string>>;
  readonly strategy?: Partial<Strategy>;
  readonly selectableFields?: readonly string[];
  readonly encode?: (stored: ApiObject) => ApiObject;
  readonly decode?: (served: ApiObject) => ApiObject;
  /** Where another version or group of the same objects keeps them. */
  readonly storage?: string;
}

/** Fills in what most built-in kinds have in common. */
export function builtInKind(kind: BuiltInKind): ServedKind {
  const { group = "", version = "v1", plural, shortNames = [], namespaced, schema } = kind;
  const info: KindInfo = {
    group,
    version,
    kind: kind.kind,
    plural,
    singular: kind.kind.toLowerCase(),
    shortNames,
    categories: kind.categories ?? [],
    namespaced,
    subresources: {
      status: kind.hasStatus ?? false,
      ...(kind.subresources === undefined ? {} : { others: kind.subresources }),
    },
    ...(kind.verbs === undefined ? {} : { verbs: kind.verbs }),
    schema,
  };
  return {
    info,
    storage: kind.storage ?? `${group}/${plural}`,
    strategy: { ...commonStrategy, ...kind.strategy },
    schema: compileSchema(schema),
    ...(kind.subresources === undefined ? {} : { subresources: kind.subresources }),
    ...(kind.unserved === undefined ? {} : { unserved: kind.unserved }),
    selectableFields: kind.selectableFields ?? [],
    encode: kind.encode ?? ((object) => object),
    decode: kind.decode ?? ((object) => object),
  };
}
