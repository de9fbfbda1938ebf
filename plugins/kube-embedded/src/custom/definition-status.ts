import type { ApiObject } from "../registry/api-object.ts";
import { definitionStorage } from "../registry/served-kind.ts";
import type { WriteContext } from "../registry/strategy.ts";
import {
  type DefinitionCondition,
  type DefinitionStatus,
  isEstablished,
  specOf,
  statusOf,
  withCondition,
  withStatus,
} from "./definition.ts";

/**
 * Decides at once what Kubernetes leaves to controllers: whether the names of a definition are free,
 * and with that whether its objects are served.
 */
export function establish(definition: ApiObject, old: ApiObject | undefined, context: WriteContext): ApiObject {
  const { names, versions } = specOf(definition);
  const clash = nameClash(definition, context.list(definitionStorage));
  const storage = versions.filter((version) => version.storage).map((version) => version.name);
  const before: DefinitionStatus = old === undefined ? {} : statusOf(old);
  const condition = (type: string, holds: boolean, reason: string, message: string): DefinitionCondition => ({
    type,
    status: holds ? "True" : "False",
    reason,
    message,
    lastTransitionTime: context.now,
  });
  const named = withCondition(
    before,
    clash === undefined
      ? condition("NamesAccepted", true, "NoConflicts", "no conflicts found")
      : condition("NamesAccepted", false, clash.reason, clash.message),
  );
  const wasEstablished = old !== undefined && isEstablished(old);
  const established =
    clash === undefined || wasEstablished
      ? condition("Established", true, "InitialNamesAccepted", "the initial names have been accepted")
      : condition("Established", false, "NotAccepted", "not all names are accepted");
  return withStatus(definition, {
    ...withCondition(named, established),
    ...(clash === undefined ? { acceptedNames: names } : {}),
    storedVersions: [...new Set([...(before.storedVersions ?? []), ...storage])],
  });
}

/** Marks a definition whose objects are being deleted. */
export function terminating(definition: ApiObject, context: WriteContext): ApiObject {
  const condition: DefinitionCondition = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionInProgress",
    message: "CustomResource deletion is in progress",
    lastTransitionTime: context.now,
  };
  return withStatus(definition, withCondition(statusOf(definition), condition));
}

function nameClash(definition: ApiObject, all: readonly ApiObject[]): { reason: string; message: string } | undefined {
  const { group, names } = specOf(definition);
  const others = all.filter((it) => it.metadata.name !== definition.metadata.name && specOf(it).group === group);
  for (const other of others) {
    const taken = statusOf(other).acceptedNames;
    if (taken === undefined) continue;
    const words = new Set([taken.plural, taken.singular, ...(taken.shortNames ?? [])]);
    const kinds = new Set([taken.kind, taken.listKind]);
    const clash =
      clashOf("PluralConflict", [names.plural], words) ??
      clashOf("SingularConflict", [names.singular], words) ??
      clashOf("ShortNamesConflict", names.shortNames ?? [], words) ??
      clashOf("KindConflict", [names.kind], kinds) ??
      clashOf("ListKindConflict", [names.listKind], kinds);
    if (clash !== undefined) return clash;
  }
  return undefined;
}

function clashOf(reason: string, wanted: readonly (string | undefined)[], taken: ReadonlySet<string | undefined>) {
  const word = wanted.find((it) => it !== undefined && taken.has(it));
  return word === undefined ? undefined : { reason, message: `"${word}" is already in use` };
}
