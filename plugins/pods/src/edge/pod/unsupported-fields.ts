import { isDeepStrictEqual } from "node:util";
import { type FieldRule, fieldRules, type Judgement } from "./supported-fields.ts";

export interface UnsupportedField {
  /** As a user would point at it, for instance `spec.containers[main].livenessProbe`. */
  readonly field: string;
  readonly isRefused: boolean;
  /** What happens, or why not. */
  readonly note: string;
}

interface Branch {
  readonly children: Map<string, Branch>;
  rule?: FieldRule;
}

const tree = treeOf(fieldRules);
/** A Pod may set thousands of fields that nobody knows. */
const most = 32;

/**
 * What a Pod asks for that this node does not do, in the order of its fields; at most 32 of them.
 *
 * @param isConfined of the runtime that runs it
 */
export function unsupportedFields(spec: object, isConfined: boolean): readonly UnsupportedField[] {
  const found: UnsupportedField[] = [];
  walk(spec, tree, "spec", { found, isConfined });
  return found.slice(0, most);
}

interface Walk {
  readonly found: UnsupportedField[];
  readonly isConfined: boolean;
}

function walk(value: unknown, branch: Branch, path: string, all: Walk): void {
  const { found, isConfined } = all;
  if (found.length >= most || value === null || value === undefined) return;
  if (branch.rule !== undefined && branch.children.size === 0) {
    return judge(value, isConfined ? branch.rule : (branch.rule.withContainers ?? branch.rule), path, found);
  }
  if (Array.isArray(value)) {
    const each = branch.children.get("[]") ?? { children: new Map() };
    for (const [index, entry] of value.entries()) walk(entry, each, `${path}[${nameOf(entry) ?? index}]`, all);
    return;
  }
  if (typeof value !== "object") return;
  for (const [field, member] of Object.entries(value)) {
    const next = branch.children.get(path === "spec" && field === "initContainers" ? "containers" : field);
    const at = next ?? branch.children.get("*");
    if (at !== undefined) walk(member, at, `${path}.${field}`, all);
    else if (member !== null)
      found.push({ field: `${path}.${field}`, isRefused: false, note: "this node does not know it" });
  }
}

function judge(
  value: unknown,
  { verdict, note, harmless = [] }: Judgement,
  field: string,
  found: UnsupportedField[],
): void {
  if (verdict !== "event" && verdict !== "refused") return;
  if (harmless.some((allowed) => isDeepStrictEqual(allowed, value))) return;
  found.push({ field, isRefused: verdict === "refused", note });
}

function nameOf(entry: unknown): string | undefined {
  const name = (entry as { readonly name?: unknown } | null)?.name;
  return typeof name === "string" ? name : undefined;
}

function treeOf(rules: readonly FieldRule[]): Branch {
  const root: Branch = { children: new Map() };
  for (const rule of rules) {
    let at = root;
    for (const part of rule.path.replaceAll("[]", ".[]").split(".")) {
      const next: Branch = at.children.get(part) ?? { children: new Map() };
      at.children.set(part, next);
      at = next;
    }
    at.rule = rule;
  }
  return root;
}
