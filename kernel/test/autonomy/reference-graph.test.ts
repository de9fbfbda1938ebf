import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { type GraphEntry, ReferenceGraph } from "../../src/autonomy/reference-graph.ts";

const entry = (nodes: readonly string[] = [], references: readonly string[] = []): GraphEntry => ({
  nodes,
  references,
});
const held = (graph: ReferenceGraph, node: string) => [...graph.holdings(node)].sort();

describe("reference graph", () => {
  it("lets a node hold what concerns it and, transitively and first, what that refers to", () => {
    const graph = new ReferenceGraph();
    graph.set("model", entry([], ["mapper"]));
    expect(graph.set("device", entry(["n1"], ["model"]))).toEqual([
      { key: "mapper", node: "n1", holds: true },
      { key: "model", node: "n1", holds: true },
      { key: "device", node: "n1", holds: true },
    ]);
  });

  it("lets go with the last reference", () => {
    const graph = new ReferenceGraph();
    graph.set("a", entry(["n1"], ["shared"]));
    graph.set("b", entry(["n1"], ["shared"]));
    expect(graph.delete("a")).toEqual([{ key: "a", node: "n1", holds: false }]);
    expect(graph.delete("b").map(({ key }) => key)).toEqual(["b", "shared"]);
    expect(held(graph, "n1")).toEqual([]);
  });

  it("moves an object from node to node", () => {
    const graph = new ReferenceGraph();
    graph.set("a", entry(["n1"], ["b"]));
    graph.set("a", entry(["n2"], ["b"]));
    expect(held(graph, "n1")).toEqual([]);
    expect(held(graph, "n2")).toEqual(["a", "b"]);
  });

  it("bears circles", () => {
    const graph = new ReferenceGraph();
    graph.set("a", entry(["n1"], ["b"]));
    graph.set("b", entry([], ["a"]));
    expect(held(graph, "n1")).toEqual(["a", "b"]);
    graph.set("a", entry([], ["b"]));
    expect(held(graph, "n1")).toEqual([]);
  });

  it("ends in the same place as a graph built at once, after any history", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new SeededRandom(seed);
      const pick = <T>(from: readonly T[]) => from[Math.floor(random.next() * from.length)] as T;
      const keys = ["a", "b", "c", "d", "e"];
      const nodes = ["n1", "n2"];
      const graph = new ReferenceGraph();
      const now = new Map<string, GraphEntry>();
      const told = new Set<string>();
      const note = (changes: ReturnType<ReferenceGraph["set"]>) => {
        for (const { key, node, holds } of changes) {
          expect(told.has(`${node} ${key}`), "a change says something new").toBe(!holds);
          if (holds) told.add(`${node} ${key}`);
          else told.delete(`${node} ${key}`);
        }
      };
      for (let step = 0; step < 40; step += 1) {
        const key = pick(keys);
        if (random.next() < 0.25) {
          now.delete(key);
          note(graph.delete(key));
        } else {
          const made = entry(
            random.next() < 0.4 ? [pick(nodes)] : [],
            random.next() < 0.6 ? [pick(keys), pick(keys)] : [],
          );
          now.set(key, made);
          note(graph.set(key, made));
        }
      }
      const fresh = new ReferenceGraph();
      for (const [key, made] of now) fresh.set(key, made);
      for (const node of nodes) {
        expect(held(graph, node), `seed ${seed}`).toEqual(held(fresh, node));
        expect(held(graph, node)).toEqual(keys.filter((key) => told.has(`${node} ${key}`)));
      }
    }
  });
});
