import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import type { KindInfo } from "../kinds.ts";
import type { ApiObject } from "../registry/api-object.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { commonStrategy, type Strategy, statusInto } from "../registry/strategy.ts";
import { compileSchema } from "../schema/structural-schema.ts";
import { type DefinitionSpec, type DefinitionVersion, isEstablished, specOf } from "./definition.ts";

const customStrategy: Strategy = {
  ...commonStrategy,
  custom: true,
  needsVersion: true,
  hasGeneration: true,
  forStatusUpdate: (object, old) => statusInto(old, object, old),
};

/** The kinds an established definition makes, one for each served version. */
export function customKinds(definition: ApiObject): readonly ServedKind[] {
  if (!isEstablished(definition)) return [];
  const spec = specOf(definition);
  try {
    return spec.versions.filter((version) => version.served).map((version) => customKind(spec, version));
  } catch (cause) {
    const details = { name: definition.metadata.name, problem: errorMessage(cause) };
    throw errors.create("SKERRY_KUBE_EMBEDDED_CRD", details, cause);
  }
}

function customKind(spec: DefinitionSpec, version: DefinitionVersion): ServedKind {
  const { group, names } = spec;
  const schema = version.schema?.openAPIV3Schema ?? {};
  const stored = spec.versions.find((other) => other.storage)?.name ?? version.name;
  const info: KindInfo = {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === "Namespaced",
    subresources: { status: version.subresources?.status !== undefined },
    schema,
    printerColumns: version.additionalPrinterColumns ?? [],
  };
  return {
    info,
    storage: `${group}/${names.plural}`,
    strategy: customStrategy,
    schema: compileSchema(schema),
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, "")),
    encode: inVersion(`${group}/${version.name}`),
    decode: inVersion(`${group}/${stored}`),
    ...(version.deprecated === true ? { warning: deprecation(group, version, names.kind) } : {}),
  };
}

/** Conversion strategy `None`: the versions differ in their apiVersion alone. */
function inVersion(apiVersion: string): (object: ApiObject) => ApiObject {
  return (object) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion });
}

function deprecation(group: string, { name, deprecationWarning }: DefinitionVersion, kind: string): string {
  return deprecationWarning ?? `${group}/${name} ${kind} is deprecated`;
}
