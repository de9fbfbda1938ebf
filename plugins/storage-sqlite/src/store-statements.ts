import type { Entry, KeyRange } from "@skerry/contracts";
import type { SqliteValue } from "./sqlite-database.ts";

export interface SqlCommand {
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
}

/** Rows of one statement: as many as pay off, yet few enough texts to keep all of them prepared. */
const maximumRows = 256;
/** Rows are only put together while their values are this small in sum. */
const maximumStatementBytes = 1024 * 1024;

/** The table of a store. Store names are checked to need no escaping inside the quotes. */
export const tableOf = (store: string): string => `"store:${store}"`;

export const createTable = (store: string): string =>
  `CREATE TABLE IF NOT EXISTS ${tableOf(store)} (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID`;

export const selectOne = (store: string): string => `SELECT value FROM ${tableOf(store)} WHERE key = ?`;

export function selectRange(store: string, range: KeyRange): SqlCommand {
  const from = range.prefix ?? range.from ?? "";
  const before = range.prefix === undefined ? range.before : afterPrefix(range.prefix);
  const limit = range.limit ?? -1;
  const select = `SELECT key, value FROM ${tableOf(store)} WHERE key >= ?`;
  return before === undefined
    ? { sql: `${select} ORDER BY key LIMIT ?`, parameters: [from, limit] }
    : { sql: `${select} AND key < ? ORDER BY key LIMIT ?`, parameters: [from, before, limit] };
}

/** The first string after all strings with this prefix; `undefined` when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) {
      // U+D800 to U+DFFF are not characters.
      return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
    }
  }
  return undefined;
}

/** Inserts or replaces entries with different keys, many rows a statement. */
export function putEntries(store: string, entries: readonly Entry[]): SqlCommand[] {
  return rowGroups(entries, (entry) => entry.value.byteLength).map((group) => ({
    sql: `INSERT OR REPLACE INTO ${tableOf(store)} VALUES ${listOf("(?, ?)", group.length)}`,
    parameters: group.flatMap((entry) => [entry.key, entry.value]),
  }));
}

export function deleteKeys(store: string, keys: readonly string[]): SqlCommand[] {
  return rowGroups(keys, () => 0).map((group) => ({
    sql: `DELETE FROM ${tableOf(store)} WHERE key IN (${listOf("?", group.length)})`,
    parameters: group,
  }));
}

const listOf = (item: string, count: number): string => new Array<string>(count).fill(item).join(", ");

/**
 * Divides rows into groups of 1, 2, 4, … rows, so that few statements serve every batch. A group is filled up
 * by repeating its smallest row, which changes nothing and is cheaper than another trip to SQLite's thread.
 */
function rowGroups<Row>(rows: readonly Row[], bytesOf: (row: Row) => number): Row[][] {
  const groups: Row[][] = [];
  let group: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (group.length > 0 && (group.length === maximumRows || bytes + bytesOf(row) > maximumStatementBytes)) {
      groups.push(fillUp(group, bytesOf));
      group = [];
      bytes = 0;
    }
    group.push(row);
    bytes += bytesOf(row);
  }
  return group.length === 0 ? groups : [...groups, fillUp(group, bytesOf)];
}

function fillUp<Row>(group: readonly Row[], bytesOf: (row: Row) => number): Row[] {
  const rows = 2 ** Math.ceil(Math.log2(group.length));
  const smallest = group.reduce((least, row) => (bytesOf(row) < bytesOf(least) ? row : least));
  return [...group, ...new Array<Row>(rows - group.length).fill(smallest)];
}
