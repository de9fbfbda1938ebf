import { labelValueProblem, qualifiedNameProblem } from "../registry/names.ts";
import { longestSelector, selectorError } from "./errors.ts";

export type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

/** One requirement, from its start: `!key`, `key in (a,b)`, `key=value`, `key` … */
const requirement =
  /\s*(?:!\s*(?<absent>[^\s!=<>(),]+)|(?<key>[^\s!=<>(),]+)(?:\s+(?<set>in|notin)\s*\((?<list>[^()]*)\)|\s*(?<operator>==|=|!=|<|>)\s*(?<value>[^\s!=<>(),]*))?)\s*(?<end>,|$)/y;

/**
 * Reads a label selector of the Kubernetes API (`=`, `==`, `!=`, `in`, `notin`, `<`, `>`, `key`, `!key`, joined by
 * commas). An empty one selects everything.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_SELECTOR` (invalid)
 */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  if (text.length > longestSelector) throw selectorError("label", text, `it is longer than ${longestSelector}`);
  const requirements: Requirement[] = [];
  let at = 0;
  while (text.trim() !== "") {
    requirement.lastIndex = at;
    const match = requirement.exec(text);
    if (match === null) throw selectorError("label", text, `unexpected text at position ${at}`);
    requirements.push(requirementOf(match.groups ?? {}, text));
    at = requirement.lastIndex;
    if (match.groups?.["end"] === "") break;
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

function requirementOf(groups: Readonly<Record<string, string | undefined>>, text: string): Requirement {
  const { absent, set, list, operator } = groups;
  const key = checked(absent ?? groups["key"] ?? "", qualifiedNameProblem, text);
  if (absent !== undefined) return (labels) => !Object.hasOwn(labels, key);
  if (set !== undefined) {
    const values = new Set((list ?? "").split(",").map((value) => checked(value.trim(), labelValueProblem, text)));
    return (labels) => (Object.hasOwn(labels, key) && values.has(labels[key] ?? "")) === (set === "in");
  }
  if (operator === undefined) return (labels) => Object.hasOwn(labels, key);
  const value = checked(groups["value"] ?? "", labelValueProblem, text);
  if (operator === "<" || operator === ">") return comparison(key, operator, value, text);
  const isEqual: Requirement = (labels) => Object.hasOwn(labels, key) && labels[key] === value;
  return operator === "!=" ? (labels) => !isEqual(labels) : isEqual;
}

function comparison(key: string, operator: "<" | ">", value: string, text: string): Requirement {
  const whole = /^-?\d+$/;
  if (!whole.test(value)) throw selectorError("label", text, `${JSON.stringify(value)} is no whole number`);
  return (labels) => {
    const found = Object.hasOwn(labels, key) ? (labels[key] ?? "") : "";
    if (!whole.test(found)) return false;
    return operator === "<" ? Number(found) < Number(value) : Number(found) > Number(value);
  };
}

function checked(word: string, problemOf: (word: string) => string | undefined, text: string): string {
  const problem = problemOf(word);
  if (problem !== undefined) throw selectorError("label", text, `${JSON.stringify(word)}: ${problem}`);
  return word;
}
