import type { FieldError } from "../kinds.ts";
import type { ApiObject } from "./api-object.ts";
import { subdomainProblem } from "./names.ts";

/** What a strategy may know about the moment of a write. */
export interface WriteContext {
  /** RFC 3339, whole seconds. */
  readonly now: string;
  /** All objects of a storage, as this write sees them. */
  list(storage: string): readonly ApiObject[];
}

/** The same where an object is new. */
export interface BirthContext extends WriteContext {
  /** A prefix with a random end, as `metadata.generateName` gets it. */
  generateName(prefix: string): string;
}

/**
 * What of an object a write may change: its status, a Pod's place, or (`undefined`) everything else.
 */
export type WriteTarget = "status" | "binding" | undefined;

/** What distinguishes the writes of one kind from those of another. All hooks are pure. */
export interface Strategy {
  /** A custom resource: its kind has to be named in the body, and strategic merge patches are refused. */
  readonly custom: boolean;
  /** PUT of a missing object creates it. */
  readonly createsOnUpdate: boolean;
  /** PUT without a resourceVersion is refused. */
  readonly needsVersion: boolean;
  /** `metadata.generation` counts changes of anything but metadata and status. */
  readonly hasGeneration: boolean;
  nameProblem(name: string): string | undefined;
  /** Sets what the server decides about a new object. */
  forCreate(object: ApiObject, context: BirthContext): ApiObject;
  /** The same for a replaced one; the status is already the old one where the kind has a status subresource. */
  forUpdate(object: ApiObject, old: ApiObject, context: WriteContext): ApiObject;
  /** Takes from a write of the status what such a write may change. */
  forStatusUpdate(object: ApiObject, old: ApiObject): ApiObject;
  /** Beyond what the schema says. */
  validate(object: ApiObject, old: ApiObject | undefined, target?: WriteTarget): readonly FieldError[];
  /** What its writer should know although the object is accepted. */
  warnings(object: ApiObject): readonly string[];
  /** Why an object must not be deleted, if so. */
  undeletable(name: string): string | undefined;
  /** Marks an object whose contents have to go before it can. */
  terminating(object: ApiObject, context: WriteContext): ApiObject;
  /** Seconds for which a deleted object stays so that what it stands for can end; `asked` by who deletes it. */
  gracePeriod(object: ApiObject, asked: number | undefined): number;
}

/** What holds for most kinds. */
export const commonStrategy: Strategy = {
  custom: false,
  createsOnUpdate: false,
  needsVersion: false,
  hasGeneration: false,
  nameProblem: subdomainProblem,
  forCreate: (object) => object,
  forUpdate: (object) => object,
  forStatusUpdate: (object, old) => statusInto(old, object, object),
  validate: () => [],
  warnings: () => [],
  undeletable: () => undefined,
  terminating: (object) => object,
  gracePeriod: () => 0,
};

/** `base` with the status of `source`, and the metadata of `metadata`. */
export function statusInto(base: ApiObject, source: ApiObject, metadata: ApiObject): ApiObject {
  const { status: _, ...rest } = base;
  const status = source["status"];
  return { ...rest, metadata: metadata.metadata, ...(status === undefined ? {} : { status }) } as ApiObject;
}
