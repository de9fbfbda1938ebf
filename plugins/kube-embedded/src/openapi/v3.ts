import { createHash } from "node:crypto";
import { groupVersionOf, type JsonObject, type KindInfo } from "../kinds.ts";
import { type Dialect, kindSchemas, schemaName } from "./kind-schemas.ts";
import { metaSchemas } from "./meta-schemas.ts";
import { type Operation, operationId, pathsOf, type QueryParameter } from "./operations.ts";

/** Beside `description`, OpenAPI 3.0 ignores what stands next to `$ref`: hence `allOf`. */
const dialect: Dialect = {
  reference: (name) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} }),
  adapt: (schema) => {
    if (schema["x-kubernetes-int-or-string"] !== true) return schema;
    return { anyOf: [{ type: "integer" }, { type: "string" }], ...schema };
  },
};

/** `/openapi/v3`: where the documents of the served group versions are, with a hash that changes when they do. */
export function openApiV3Index(kinds: readonly KindInfo[]): JsonObject {
  const groupVersions = [...new Set(kinds.map(groupVersionOf))].sort();
  const entries = groupVersions.map((groupVersion) => {
    const path = groupVersion.includes("/") ? `apis/${groupVersion}` : `api/${groupVersion}`;
    const document = JSON.stringify(openApiV3(groupVersion, kinds));
    const hash = createHash("sha256").update(document).digest("hex").toUpperCase();
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(entries) };
}

/** The OpenAPI 3.0 document of one group version, given as `v1` or `group/version`. */
export function openApiV3(groupVersion: string, kinds: readonly KindInfo[]): JsonObject {
  const own = kinds.filter((kind) => groupVersionOf(kind) === groupVersion);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.fromEntries(own.flatMap(pathEntries)),
    components: {
      schemas: Object.assign({}, metaSchemas(dialect.reference), ...own.map((kind) => kindSchemas(kind, dialect))),
    },
  };
}

function pathEntries(kind: KindInfo): readonly (readonly [string, JsonObject])[] {
  return pathsOf(kind, schemaName(kind)).map(({ path, parameters, operations }) => {
    const inPath = parameters.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
    const entries = operations.map((operation) => [operation.method, operationOf(kind, operation, path)] as const);
    return [path, { ...Object.fromEntries(entries), parameters: inPath }] as const;
  });
}

function operationOf(kind: KindInfo, operation: Operation, path: string): JsonObject {
  const { group, version } = kind;
  const { body, answer, query, action, description } = operation;
  const content = (types: readonly string[], schema: string) =>
    Object.fromEntries(types.map((type) => [type, { schema: { $ref: `#/components/schemas/${schema}` } }]));
  return {
    tags: [group === "" ? `core_${version}` : `${group}_${version}`],
    description,
    operationId: operationId(kind, operation, path),
    parameters: query.map(parameterOf),
    ...(body === undefined ? {} : { requestBody: { content: content(body.types, body.schema) } }),
    responses: { "200": { description: "OK", content: content(["application/json", "application/yaml"], answer) } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
  };
}

function parameterOf({ name, type, description }: QueryParameter): JsonObject {
  return { name, in: "query", description, schema: { type, uniqueItems: true } };
}
