import type { JsonObject, SubresourceInfo } from "../kinds.ts";
import type { ApiObject } from "./api-object.ts";
import type { WriteTarget } from "./strategy.ts";

/** What is below an object under a path of its own. */
export type Subresource = WrittenPart | AnsweredPart;

/** It is read and written in a form of its own. */
export interface WrittenPart extends SubresourceInfo {
  /** What of the object a write of it may change: `undefined` is everything but the status. */
  readonly target: WriteTarget;
  /** Its form of an object; absent where it cannot be read. */
  readonly read?: (object: ApiObject) => JsonObject;
  /** The object as a body makes it; throws `StatusError`. */
  readonly write: (object: ApiObject, body: JsonObject, now: string) => ApiObject;
}

/** It is asked, and leaves the object as it was. */
export interface AnsweredPart extends SubresourceInfo {
  /** The answer to a body; throws `StatusError`. */
  readonly answer: (object: ApiObject, body: JsonObject, services: PartServices) => JsonObject;
}

/** What answers are made with. */
export interface PartServices {
  /** A TokenRequest for a ServiceAccount, answered. */
  issueToken(account: ApiObject, request: JsonObject): JsonObject;
}
