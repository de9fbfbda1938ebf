import type { Accepted } from "../http/media-type.ts";
import { groupVersionOf, type JsonObject } from "../kinds.ts";
import { columnsFor } from "../printing/columns.ts";
import { toTable } from "../printing/table.ts";
import type { ApiObject } from "../registry/api-object.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { badRequest } from "./status-error.ts";

export type IncludeObject = "None" | "Metadata" | "Object";

/** How objects of one kind are shown to one client: as themselves, by their metadata, or as rows of a table. */
export class Presentation {
  readonly #kind: ServedKind;
  readonly #accepted: Accepted;
  readonly #includeObject: IncludeObject;
  readonly #now: () => Date;
  #columns: ReturnType<typeof columnsFor> | undefined;

  constructor(kind: ServedKind, accepted: Accepted, includeObject: IncludeObject, now: () => Date) {
    this.#kind = kind;
    this.#accepted = accepted;
    this.#includeObject = includeObject;
    this.#now = now;
  }

  /** Whether objects are shown as they are. */
  get isPlain(): boolean {
    return this.#accepted.as === "object";
  }

  one(object: ApiObject): JsonObject {
    if (this.#accepted.as === "object") return object;
    if (this.#accepted.as === "metadata") return this.#metadata(object);
    return this.table([object], { resourceVersion: object.metadata.resourceVersion ?? "" });
  }

  /** One event of a watch; of several tables only the first has to name its columns. */
  event(object: ApiObject, first: boolean): JsonObject {
    const shown = this.one(object);
    return this.#accepted.as === "table" && !first ? { ...shown, columnDefinitions: [] } : shown;
  }

  /** A bookmark carries a version and nothing else; as a table it has no rows. */
  bookmark(object: JsonObject & { readonly metadata: JsonObject }): JsonObject {
    if (this.#accepted.as === "object") return object;
    if (this.#accepted.as === "table") return { ...this.table([], object.metadata), columnDefinitions: [] };
    return { kind: "PartialObjectMetadata", apiVersion: this.#metaVersion(), metadata: object.metadata };
  }

  /** What surrounds the items of a list, and each item. A table has its rows instead. */
  list(
    items: readonly ApiObject[],
    metadata: JsonObject,
  ): { readonly head: JsonObject; readonly items: readonly JsonObject[] } {
    const { info } = this.#kind;
    if (this.#accepted.as === "metadata") {
      const head = { kind: "PartialObjectMetadataList", apiVersion: this.#metaVersion(), metadata };
      return { head, items: items.map((item) => this.#metadata(item)) };
    }
    return { head: { kind: `${info.kind}List`, apiVersion: groupVersionOf(info), metadata }, items };
  }

  get isTable(): boolean {
    return this.#accepted.as === "table";
  }

  table(objects: readonly ApiObject[], metadata: JsonObject): JsonObject {
    this.#columns ??= columnsFor(this.#kind.info);
    const table = toTable(objects, this.#columns, { now: this.#now(), includeObject: this.#includeObject });
    return { ...table, kind: "Table", apiVersion: this.#metaVersion(), metadata };
  }

  #metadata(object: ApiObject): JsonObject {
    return { kind: "PartialObjectMetadata", apiVersion: this.#metaVersion(), metadata: object.metadata };
  }

  #metaVersion(): string {
    return `meta.k8s.io/${this.#accepted.version}`;
  }
}

export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject") || "Metadata";
  if (value === "None" || value === "Metadata" || value === "Object") return value;
  throw badRequest(`includeObject must be None, Metadata or Object, not ${JSON.stringify(value)}`);
}
