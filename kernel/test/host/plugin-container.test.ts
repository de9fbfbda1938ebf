import { inject, tokensOf } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { boot } from "../../src/host/index.ts";
import { PluginContainer } from "../../src/host/plugin-container.ts";
import { Diary, Echo, Echoing, entry, Greeter, Hello, manifest, node, wordPoint } from "./fixtures.ts";

const container = (rest: Parameters<typeof manifest>[1], bridges: Record<string, unknown> = {}) =>
  new PluginContainer(manifest("p", rest), new Map(Object.entries(bridges).map(([id, value]) => [id, () => value])));

describe("a plugin's container: declared is the same as possible", () => {
  it("refuses to provide or fill what the manifest does not declare", () => {
    expect(() => container({}).provide(Greeter, Hello)).toThrow(
      /p: set-up provides test.greeter\/1, which is not declared/,
    );
    expect(() => container({}).contribute(wordPoint, Array)).toThrow(/fills test.word\/1, which is not declared/);
  });

  it("refuses a class that asks for a contract the manifest does not require", () => {
    const plugin = container({ provides: [Echo.id] });
    plugin.provide(Echo, Echoing);
    expect(() => plugin.check()).toThrow(
      'p: Echoing asks for test.greeter/1, which is not declared; add it to "requires"',
    );
  });

  it("refuses a constructor parameter without a token", () => {
    class Bare {
      constructor(readonly greeter: Hello) {}
    }
    const plugin = container({});
    plugin.run(Bare);
    expect(() => plugin.check()).toThrow("p: parameter 0 of the constructor of Bare says no token");
  });

  it("refuses a plugin that does not answer what it declares", () => {
    expect(() => container({ provides: [Greeter.id] }).check()).toThrow(
      "p declares test.greeter/1 and its set-up never answers it",
    );
  });

  it("constructs a class once, under however many names", () => {
    const plugin = container({ provides: [Greeter.id, Echo.id] });
    plugin.provide(Greeter, Hello);
    plugin.provide(Echo, Hello);
    plugin.check();
    plugin.construct();
    expect(plugin.instances()).toHaveLength(1);
    expect(plugin.answer(Greeter.id)).toBe(plugin.answer(Echo.id));
  });

  it("names two classes that receive each other", () => {
    class Left {
      constructor(@inject(Echo) readonly other: object) {}
    }
    class Right {
      constructor(@inject(Greeter) readonly other: object) {}
    }
    const plugin = container({});
    plugin.bind(Greeter, Left as never);
    plugin.bind(Echo, Right as never);
    plugin.check();
    expect(() => plugin.construct()).toThrow(/its classes receive each other in a circle/);
  });

  it("orders objects after those they received", () => {
    const plugin = container({ provides: [Echo.id] });
    plugin.provide(Echo, Echoing);
    plugin.bind(Greeter, Hello);
    plugin.check();
    plugin.construct();
    expect(plugin.instances().map((instance) => instance.constructor.name)).toEqual(["Hello", "Echoing"]);
  });
});

describe("hazards of the container library do not reach plugins", () => {
  it("a private class of one plugin is invisible to another", async () => {
    const refused = boot({
      node,
      log: () => undefined,
      plugins: [
        entry(manifest("a"), (scope) => scope.bind(Greeter, Hello)),
        entry(manifest("b", { provides: [Echo.id] }), (scope) => scope.provide(Echo, Echoing)),
      ],
    });
    await expect(refused).rejects.toThrow(/b: Echoing asks for test.greeter\/1/);
  });

  it("a service keeps its own plugin's dependencies, whoever resolves it first", async () => {
    const settings = { properties: { word: { type: "string" as const, description: "a word" } } };
    const diary = new Diary();
    await using kernel = await boot({
      node,
      log: () => undefined,
      plugins: [
        entry(manifest("first", { requires: [Greeter.id], settings }), (scope) => scope.run(diary.component("first")), {
          word: "theirs",
        }),
        entry(manifest("owner", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, Hello)),
      ],
    });
    expect(kernel.service(Greeter)).toBe(kernel.service(Greeter));
  });

  it("tokens remember which parameter they belong to", () => {
    expect([...tokensOf(Echoing)].map(([index, { id }]) => [index, id])).toEqual([[0, Greeter.id]]);
  });
});
