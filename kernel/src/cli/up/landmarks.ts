import type { JsonValue } from "@skerry/contracts";

type Sections = Readonly<Record<string, JsonValue>>;

/** `true` once the cloud's status says that the node is Ready. */
export function nodeIsReady(sections: Sections, name: string): true | undefined {
  return rows(sections["nodes"]).some((row) => row["name"] === name && row["ready"] === "True") ? true : undefined;
}

/** The first device's values in one line, once it has any. */
export function firstValues(sections: Sections): string | undefined {
  const found = rows(sections["devices"]).find((row) => row["connected"] === "True" && row["values"] !== "");
  return found === undefined ? undefined : String(found["values"]);
}

function rows(section: JsonValue | undefined): readonly Readonly<Record<string, JsonValue>>[] {
  if (!Array.isArray(section)) return [];
  return section.filter((row) => typeof row === "object" && row !== null && !Array.isArray(row));
}
