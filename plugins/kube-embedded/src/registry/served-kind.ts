import type { KindInfo } from "../kinds.ts";
import type { CompiledSchema } from "../schema/structural-schema.ts";
import type { ApiObject } from "./api-object.ts";
import type { Strategy } from "./strategy.ts";
import type { Subresource } from "./subresource.ts";

/** One version of a kind with everything needed to read and write its objects. */
export interface ServedKind {
  readonly info: KindInfo;
  /** `group/plural` under which all versions share their objects. */
  readonly storage: string;
  readonly strategy: Strategy;
  readonly schema: CompiledSchema;
  /** Field selectors beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: readonly string[];
  /** Beside `status`. */
  readonly subresources?: readonly Subresource[];
  /** Subresources that other servers have, with the sentence that says that this one does not. */
  readonly unserved?: Readonly<Record<string, string>>;
  /** Sent with every answer: that this version is deprecated. */
  readonly warning?: string;
  /** From the form that is stored to the form of this version. */
  encode(stored: ApiObject): ApiObject;
  /** From the form of this version to the form that is stored. */
  decode(served: ApiObject): ApiObject;
}

export const namespaceStorage = "/namespaces";
export const definitionStorage = "apiextensions.k8s.io/customresourcedefinitions";
