import type { JsonValue } from "../kinds.ts";
import { errors } from "./errors.ts";

export type JsonPathStep =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "index"; readonly index: number }
  | { readonly type: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly type: "all" }
  | { readonly type: "filter"; readonly filter: JsonPathFilter };

export interface JsonPathFilter {
  readonly path: readonly JsonPathStep[];
  /** Absent: the path has to exist. */
  readonly operator?: string;
  readonly operand?: JsonValue;
}

interface Rule {
  readonly pattern: RegExp;
  step(groups: readonly string[], fail: () => Error): JsonPathStep;
}

const text = `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"`;
const name = (value: string): JsonPathStep => ({ type: "name", name: value });
const bound = (value: string | undefined) => (value === undefined || value === "" ? undefined : Number(value));

const rules: readonly Rule[] = [
  { pattern: /\.?\[\*\]|\.\*/y, step: () => ({ type: "all" }) },
  { pattern: /\.?\[(-?\d+)\]/y, step: ([index]) => ({ type: "index", index: Number(index) }) },
  { pattern: /\.?\[(-?\d*):(-?\d*)\]/y, step: ([from, to]) => ({ type: "slice", from: bound(from), to: bound(to) }) },
  { pattern: new RegExp(`\\.?\\[\\s*(${text})\\s*\\]`, "y"), step: ([quoted = ""]) => name(unquoted(quoted)) },
  {
    pattern: new RegExp(
      `\\.?\\[\\s*\\?\\(\\s*@((?:[^=!<>"'()\\s]|\\[\\s*(?:${text})\\s*\\])*)\\s*(?:(==|!=|<=|>=|<|>)\\s*(${text}|[^"'()\\s]+)\\s*)?\\)\\s*\\]`,
      "y",
    ),
    step: ([path = "", operator, operand], fail) => ({
      type: "filter",
      filter: {
        path: parseJsonPath(path),
        ...(operator === undefined ? {} : { operator, operand: literal(operand ?? "", fail) }),
      },
    }),
  },
  { pattern: /\.?((?:[^.[\]\\{}()'"\s]|\\.)+)/y, step: ([escaped = ""]) => name(escaped.replace(/\\(.)/g, "$1")) },
];

/** The steps of a path such as `.status.conditions[?(@.type=="Ready")].status`, with or without braces. */
export function parseJsonPath(source: string): readonly JsonPathStep[] {
  const trimmed = source.trim();
  const inner = trimmed.startsWith("{") && trimmed.endsWith("}") ? trimmed.slice(1, -1).trim() : trimmed;
  const path = inner.startsWith("$") ? inner.slice(1) : inner;
  const steps: JsonPathStep[] = [];
  let at = 0;
  const fail = () => errors.create("SKERRY_KUBE_EMBEDDED_JSON_PATH", { path: JSON.stringify(source), position: at });
  while (at < path.length && path !== ".") {
    const { step, end } = stepAt(path, at, fail);
    steps.push(step);
    at = end;
  }
  return steps;
}

function stepAt(path: string, at: number, fail: () => Error): { readonly step: JsonPathStep; readonly end: number } {
  for (const { pattern, step } of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(path);
    if (match !== null) return { step: step(match.slice(1), fail), end: at + match[0].length };
  }
  throw fail();
}

function literal(source: string, fail: () => Error): JsonValue {
  if (source.startsWith("'") || source.startsWith('"')) return unquoted(source);
  if (source === "true" || source === "false") return source === "true";
  if (source === "" || Number.isNaN(Number(source))) throw fail();
  return Number(source);
}

function unquoted(source: string): string {
  return source.slice(1, -1).replace(/\\(.)/g, "$1");
}
