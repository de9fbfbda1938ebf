/** `meta.k8s.io/v1` Table, as far as it is printed. */
export interface Table {
  readonly columnDefinitions?: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly TableRow[] | null;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: { readonly metadata?: { readonly namespace?: string } };
}

export interface TableOptions {
  /** Also the columns of lower priority. */
  readonly wide: boolean;
  readonly withNamespace: boolean;
}

const gap = 3;

/** A table as kubectl prints it: columns as wide as their widest cell, three spaces between them. */
export function textTable({ columnDefinitions = [], rows }: Table, { wide, withNamespace }: TableOptions): string {
  const shown = columnDefinitions.map((column) => wide || (column.priority ?? 0) === 0);
  const only = <T>(cells: readonly T[]) => cells.filter((_, index) => shown[index]);
  const head = only(columnDefinitions.map(({ name }) => name.toUpperCase()));
  const body = (rows ?? []).map(({ cells, object }) => {
    const texts = only(cells).map(textOf);
    return withNamespace ? [object?.metadata?.namespace ?? "", ...texts] : texts;
  });
  const lines = [withNamespace ? ["NAMESPACE", ...head] : head, ...body];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)) + gap);
  return lines.map((line) => `${aligned(line, widths)}\n`).join("");
}

function aligned(line: readonly string[], widths: readonly number[]): string {
  return line
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("")
    .trimEnd();
}

/** One line, without what could command a terminal. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "string" ? cell : JSON.stringify(cell);
  const [first = "", ...rest] = text.split(/[\n\r\f]/);
  return `${first}${rest.length > 0 ? "..." : ""}`.replace(/\p{Cc}/gu, "?");
}
