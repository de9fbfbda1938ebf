import type { ResourcePath } from "../http/request-path.ts";
import type { ObjectAddress, WriteOptions } from "../registry/object-writer.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Presentation } from "./presentation.ts";
import { fieldValidationOf, isDryRun } from "./query.ts";
import { methodNotAllowed } from "./status-error.ts";

/** A request for a resource, resolved and allowed. */
export interface Call {
  readonly request: ApiRequest;
  readonly kind: ServedKind;
  readonly path: ResourcePath;
  readonly verb: string;
  readonly presentation: Presentation;
  readonly contentType: string;
  readonly warnings: string[];
}

/** What the path names; `405` when it is a whole collection. */
export function address({ kind, path }: Call): ObjectAddress {
  if (path.name === undefined) throw methodNotAllowed();
  return { kind, namespace: path.namespace, name: path.name };
}

export function writeOptions({ request, warnings }: Call): WriteOptions {
  return {
    dryRun: isDryRun(request.query.getAll("dryRun")),
    fieldValidation: fieldValidationOf(request.query),
    warn: (text) => warnings.push(text),
  };
}
