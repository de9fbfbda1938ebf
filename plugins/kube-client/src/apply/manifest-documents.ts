import { errorMessage } from "@skerry/plugin";
import { parseAllDocuments } from "yaml";

/** One document of a file, or why it cannot be read. */
export interface ManifestDocument {
  /** File and number of the document, for messages. */
  readonly place: string;
  readonly value?: unknown;
  readonly problem?: string;
}

/** Against documents that grow without bound when their aliases are filled in. */
const mostAliases = 100;

/** The documents of a YAML or JSON file, numbered from 1; empty ones are left out. Broken ones carry their problem. */
export function manifestDocuments(file: string, text: string): readonly ManifestDocument[] {
  const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index): readonly ManifestDocument[] => {
    const place = `${file}, document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) return [{ place, problem: (error.message.split("\n")[0] ?? "").replace(/:$/, "") }];
    if (document.contents === null) return [];
    try {
      return expanded(place, document.toJS({ maxAliasCount: mostAliases }));
    } catch (cause) {
      return [{ place, problem: errorMessage(cause) }];
    }
  });
}

/** A `List` stands for its items. */
function expanded(place: string, value: unknown): readonly ManifestDocument[] {
  if (value === null || value === undefined) return [];
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [{ place, value }];
  return items.map((item: unknown, index) => ({ place: `${place}, item ${index + 1}`, value: item }));
}
