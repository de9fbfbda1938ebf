import type { NodeLoad } from "../cluster-view.ts";
import type { Filter } from "./filter.ts";

/** What the Pods of a node ask for together must not exceed what it has. A Pod that asks for nothing needs only a place. */
export const resources: Filter = ({ requests }) => {
  const asked = [...requests].filter(([name, amount]) => amount > 0 && name !== "pods").sort(standardFirst);
  return (load) => {
    const short = asked.filter(([name, amount]) => amount > freeOf(load, name)).map(([name]) => `Insufficient ${name}`);
    return isFull(load) ? ["Too many pods", ...short] : short;
  };
};

function isFull({ node, pods }: NodeLoad): boolean {
  return pods.length + 1 > (node.allocatable.get("pods") ?? 0);
}

function freeOf({ node, requested }: NodeLoad, name: string): number {
  return (node.allocatable.get(name) ?? 0) - (requested.get(name) ?? 0);
}

const standard = ["cpu", "memory", "ephemeral-storage"];

function standardFirst([left]: readonly [string, number], [right]: readonly [string, number]): number {
  const place = (name: string) => (standard.includes(name) ? standard.indexOf(name) : standard.length);
  return place(left) - place(right) || (left < right ? -1 : 1);
}
