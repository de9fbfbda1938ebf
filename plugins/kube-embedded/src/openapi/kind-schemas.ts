import { isJsonObject, type JsonObject, type JsonValue, type KindInfo } from "../kinds.ts";
import { apiVersionProperty, kindProperty, metaNames, type Reference } from "./meta-schemas.ts";

/** What differs between the versions of OpenAPI in which schemas are published. */
export interface Dialect {
  readonly reference: Reference;
  /** Makes one schema, without its members, fit the version. */
  adapt(schema: JsonObject): JsonObject;
}

/** `io.k8s.api.core.v1.Node`, `dev.skerry.devices.v1alpha1.Device`. */
export function schemaName({ group, version, kind }: Pick<KindInfo, "group" | "version" | "kind">): string {
  if (group.includes(".") && !group.endsWith(".k8s.io")) {
    return `${group.split(".").reverse().join(".")}.${version}.${kind}`;
  }
  return `io.k8s.api.${group === "" ? "core" : group.split(".")[0]}.${version}.${kind}`;
}

/** The schema of a kind and of its list, by name. */
export function kindSchemas(kind: KindInfo, dialect: Dialect): JsonObject {
  const { group, version } = kind;
  const name = schemaName(kind);
  const own = adapted(kind.schema ?? { type: "object" }, dialect) as JsonObject;
  const properties = isJsonObject(own["properties"]) ? own["properties"] : {};
  const type = (kindName: string) => ({
    "x-kubernetes-group-version-kind": [{ group, version, kind: kindName }],
  });
  const head = { apiVersion: apiVersionProperty, kind: kindProperty };
  return {
    [name]: {
      ...own,
      properties: {
        ...properties,
        ...head,
        metadata: { ...dialect.reference(metaNames.objectMeta), description: "Standard object's metadata." },
      },
      ...type(kind.kind),
    },
    [`${name}List`]: {
      type: "object",
      description: `${kind.kind}List is a list of ${kind.kind}`,
      required: ["items"],
      properties: {
        ...head,
        items: { type: "array", items: dialect.reference(name), description: `List of ${kind.plural}.` },
        metadata: { ...dialect.reference(metaNames.listMeta), description: "Standard list metadata." },
      },
      ...type(`${kind.kind}List`),
    },
  };
}

function adapted(schema: JsonValue | undefined, dialect: Dialect): JsonValue | undefined {
  if (!isJsonObject(schema)) return schema;
  const under = (member: JsonValue | undefined) => adapted(member, dialect);
  const members = Object.entries(dialect.adapt(schema)).map(([keyword, value]) => {
    if (keyword === "properties" && isJsonObject(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([name, member]) => [name, under(member)]))];
    }
    return [keyword, keyword === "items" || keyword === "additionalProperties" ? under(value) : value];
  });
  return Object.fromEntries(members) as JsonObject;
}
