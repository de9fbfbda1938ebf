import type { JsonObject, KindInfo } from "../kinds.ts";
import { type Dialect, kindSchemas, schemaName } from "./kind-schemas.ts";
import { metaSchemas } from "./meta-schemas.ts";
import { type Operation, operationId, pathsOf } from "./operations.ts";

/** Keywords of JSON Schema that OpenAPI 2.0 does not have. */
const unknown = new Set(["nullable", "oneOf", "anyOf", "not"]);

const dialect: Dialect = {
  reference: (name) => ({ $ref: `#/definitions/${name}` }),
  adapt: (schema) => {
    const known = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !unknown.has(keyword)));
    return schema["x-kubernetes-int-or-string"] === true
      ? { type: "string", format: "int-or-string", ...known }
      : known;
  },
};

/** `/openapi/v2`: one document for everything that is served. */
export function openApiV2(kinds: readonly KindInfo[]): JsonObject {
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.fromEntries(kinds.flatMap(pathEntries)),
    definitions: Object.assign({}, metaSchemas(dialect.reference), ...kinds.map((kind) => kindSchemas(kind, dialect))),
  };
}

function pathEntries(kind: KindInfo): readonly (readonly [string, JsonObject])[] {
  return pathsOf(kind, schemaName(kind)).map(({ path, parameters, operations }) => {
    const inPath = parameters.map((name) => ({ name, in: "path", required: true, type: "string", uniqueItems: true }));
    const entries = operations.map((operation) => [operation.method, operationOf(kind, operation, path)] as const);
    return [path, { ...Object.fromEntries(entries), parameters: inPath }] as const;
  });
}

function operationOf(kind: KindInfo, operation: Operation, path: string): JsonObject {
  const { group, version } = kind;
  const { body, answer, query, action, description } = operation;
  const inQuery = query.map((parameter) => ({ ...parameter, in: "query", uniqueItems: true }));
  const inBody = body === undefined ? [] : [{ name: "body", in: "body", schema: dialect.reference(body.schema) }];
  return {
    description,
    consumes: body?.types ?? ["*/*"],
    produces: ["application/json", "application/yaml"],
    operationId: operationId(kind, operation, path),
    parameters: [...inBody, ...inQuery],
    responses: { "200": { description: "OK", schema: dialect.reference(answer) } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
  };
}
