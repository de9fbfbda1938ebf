import { isJsonObject, type JsonValue } from "../../../kinds.ts";
import { objectsAt } from "../../../printing/member-at.ts";

/** A LabelSelector in the form of a query: `app=web,tier in (a,b)`. */
export function selectorText(selector: JsonValue | undefined): string {
  if (!isJsonObject(selector)) return "";
  const { matchLabels } = selector;
  const labels = Object.entries(isJsonObject(matchLabels) ? matchLabels : {}).map(([key, value]) => `${key}=${value}`);
  const expressions = objectsAt(selector, "matchExpressions").map(({ key, operator, values }) => {
    const list = Array.isArray(values) ? [...values].sort().join(",") : "";
    if (operator === "Exists") return String(key);
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${list})`;
  });
  return [...labels, ...expressions].sort().join(",");
}
