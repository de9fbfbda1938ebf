import type { JsonObject, SubresourceInfo } from "../kinds.ts";
import type { ApiObject } from "./api-object.ts";
import type { WriteTarget } from "./strategy.ts";

/** A part of an object that is read and written under a path, and in a form, of its own. */
export interface Subresource extends SubresourceInfo {
  /** What of the object a write of it may change: `undefined` is everything but the status. */
  readonly target: WriteTarget;
  /** Its form of an object; absent where it cannot be read. */
  readonly read?: (object: ApiObject) => JsonObject;
  /** The object as a body makes it; throws `StatusError`. */
  readonly write: (object: ApiObject, body: JsonObject, now: string) => ApiObject;
}
