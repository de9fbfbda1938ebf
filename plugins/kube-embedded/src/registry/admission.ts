import { conflict, invalid } from "../api/status-error.ts";
import type { FieldError } from "../kinds.ts";
import { type ApiObject, withMember, withMetadata } from "./api-object.ts";
import { deepEqual } from "./deep-equal.ts";
import { validateMetadata } from "./metadata.ts";
import { forbiddenValue, invalidValue } from "./names.ts";
import type { ServedKind } from "./served-kind.ts";
import { type BirthContext, statusInto, type WriteContext, type WriteTarget } from "./strategy.ts";

/** What a new object gets from the server. */
export interface Birth extends BirthContext {
  readonly uid: string;
}

/** A decoded body as the object to be created, in its served form; `422` when it is not valid. */
export function admitCreate(kind: ServedKind, input: ApiObject, birth: Birth): ApiObject {
  const { strategy, info } = kind;
  const bare = strategy.custom && info.subresources.status ? withMember(input, "status", undefined) : input;
  const fresh = withMetadata(bare, {
    uid: birth.uid,
    creationTimestamp: birth.now,
    generation: strategy.hasGeneration ? 1 : undefined,
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
  });
  const object = strategy.forCreate(defaulted(kind, fresh), birth);
  const problem = strategy.nameProblem(object.metadata.name);
  const nameErrors = problem === undefined ? [] : [invalidValue("metadata.name", object.metadata.name, problem)];
  refuse(kind, object, [...nameErrors, ...validateMetadata(object.metadata), ...validated(kind, object)]);
  return object;
}

/**
 * A decoded body as the successor of an object, both in their served form: the old one itself when
 * nothing changes, `409` when it was made from another state, `422` when it is not valid.
 */
export function admitUpdate(
  kind: ServedKind,
  input: ApiObject,
  old: ApiObject,
  target: WriteTarget,
  context: WriteContext,
): ApiObject {
  checkPreconditions(kind, input, old);
  const object = prepared(kind, withServerMetadata(input, old), old, target, context);
  refuse(kind, object, [
    ...finalizerErrors(object, old),
    ...validateMetadata(object.metadata),
    ...validated(kind, object, old, target),
  ]);
  if (deepEqual(object, old)) return old;
  const grows = kind.strategy.hasGeneration && !sameSpec(kind, object, old);
  return grows ? withMetadata(object, { generation: (old.metadata.generation ?? 0) + 1 }) : object;
}

function prepared(
  kind: ServedKind,
  input: ApiObject,
  old: ApiObject,
  target: WriteTarget,
  context: WriteContext,
): ApiObject {
  const { strategy, info } = kind;
  if (target === "status") return strategy.forStatusUpdate(defaulted(kind, input), old);
  if (target === "binding") return defaulted(kind, input);
  const object = info.subresources.status ? statusInto(input, old, input) : input;
  return strategy.forUpdate(defaulted(kind, object), old, context);
}

function defaulted(kind: ServedKind, object: ApiObject): ApiObject {
  const { apiVersion, kind: name, metadata, ...members } = object;
  return { apiVersion, kind: name, metadata, ...kind.schema.defaulted(members) };
}

function validated(kind: ServedKind, object: ApiObject, old?: ApiObject, target?: WriteTarget): readonly FieldError[] {
  return [...kind.schema.validate(object), ...kind.strategy.validate(object, old, target)];
}

function refuse(kind: ServedKind, object: ApiObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind.info, object.metadata.name, errors);
}

function checkPreconditions(kind: ServedKind, input: ApiObject, old: ApiObject): void {
  const { name, uid, resourceVersion } = input.metadata;
  if (uid !== undefined && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(kind.info, name, why);
  }
  if (resourceVersion === undefined) {
    if (!kind.strategy.needsVersion) return;
    const error = { ...invalidValue("metadata.resourceVersion", 0, "must be specified for an update") };
    throw invalid(kind.info, name, [{ ...error, message: "Invalid value: 0x0: must be specified for an update" }]);
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw conflict(kind.info, name);
}

/** What a writer cannot change stays as it was. */
function withServerMetadata(input: ApiObject, old: ApiObject): ApiObject {
  const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } =
    old.metadata;
  return withMetadata(input, {
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  });
}

function finalizerErrors(object: ApiObject, old: ApiObject): readonly FieldError[] {
  if (old.metadata.deletionTimestamp === undefined) return [];
  const known = new Set(old.metadata.finalizers ?? []);
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return [];
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
  return [forbiddenValue("metadata.finalizers", why)];
}

function sameSpec(kind: ServedKind, left: ApiObject, right: ApiObject): boolean {
  const spec = ({ metadata: _, status, ...rest }: ApiObject) =>
    kind.info.subresources.status || status === undefined ? rest : { ...rest, status };
  return deepEqual(spec(left), spec(right));
}
