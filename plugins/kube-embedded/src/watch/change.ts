import type { ApiObject } from "../registry/api-object.ts";

export type ChangeType = "ADDED" | "MODIFIED" | "DELETED";

/** One durable write of one object, as stored. */
export interface Change {
  readonly type: ChangeType;
  /** Which kind of object, whatever the version: `group/plural`. */
  readonly storage: string;
  readonly key: string;
  /** The resourceVersion of this write. Versions of successive changes ascend. */
  readonly version: number;
  /** The object after the write; for a removal its last state, carrying the version of the removal. */
  readonly object: ApiObject;
  readonly previous?: ApiObject;
  /** Size of the object as it is stored. */
  readonly bytes: number;
}
