import { isJsonObject, type JsonValue } from "../../kinds.ts";
import { quantityOf } from "../../registry/builtin/quantity.ts";

/** Amounts by resource name, in whole units: CPU in thousandths, everything else as it is counted. */
export type Amounts = ReadonlyMap<string, number>;

/** What a quantity is rounded up from; smaller remainders come from binary fractions and are none. */
const noise = 1e-7;

/** Reads a `v1.ResourceList`. Fractions of a unit count as a whole one, as in Kubernetes; what is no quantity counts as 0. */
export function amountsOf(resources: JsonValue | undefined): Amounts {
  if (!isJsonObject(resources)) return none;
  return new Map(
    Object.entries(resources).map(([name, quantity]) => {
      const value = (quantityOf(quantity) ?? 0) * (name === "cpu" ? 1000 : 1);
      return [name, Math.max(0, Math.ceil(value - noise))];
    }),
  );
}

/** Nothing of anything. */
export const none: Amounts = new Map();

/** Both together. */
export function sum(left: Amounts, right: Amounts): Amounts {
  return merged(left, right, (a, b) => a + b);
}

/** Of each resource the larger amount. */
export function largest(left: Amounts, right: Amounts): Amounts {
  return merged(left, right, Math.max);
}

function merged(left: Amounts, right: Amounts, merge: (a: number, b: number) => number): Amounts {
  if (right.size === 0) return left;
  const amounts = new Map(left);
  for (const [name, amount] of right) amounts.set(name, merge(amounts.get(name) ?? 0, amount));
  return amounts;
}
