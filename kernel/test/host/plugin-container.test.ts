import { inject, optional, type PluginScope, tokensOf } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { PluginContainer } from "../../src/host/plugin-container.ts";
import { Echo, Echoing, Greeter, Hello, manifest, wordPoint } from "./fixtures.ts";

const container = (rest: Parameters<typeof manifest>[1], bridges: Record<string, unknown> = {}) =>
  new PluginContainer(manifest("p", rest), new Map(Object.entries(bridges).map(([id, value]) => [id, () => value])));
/** What is wrong after this set-up. */
const problems = (plugin: PluginContainer, setup: (scope: PluginScope) => void = () => undefined) => {
  setup(plugin);
  return plugin.check().map(({ code, message }) => `${code} ${message}`);
};

describe("a plugin's container: declared is the same as possible", () => {
  it("refuses to provide or fill what the manifest does not declare", () => {
    expect(() => container({}).provide(Greeter, Hello)).toThrow(
      'p: set-up provides test.greeter/1, which is not declared; add it to "provides"',
    );
    expect(() => container({}).contribute(wordPoint, Array)).toThrow(
      'p: set-up fills test.word/1, which is not declared; add it to "contributes"',
    );
  });

  it("refuses a class that asks for a contract the manifest does not require", () => {
    expect(problems(container({ provides: [Echo.id] }), (scope) => scope.provide(Echo, Echoing))).toEqual([
      'SKERRY_PLUGIN_UNDECLARED p: Echoing asks for test.greeter/1, which is not declared; add it to "requires"',
    ]);
  });

  it("refuses a constructor parameter without a token, and one with a default value", () => {
    class Bare {
      constructor(
        @inject(Greeter) readonly greeter: Greeter,
        readonly other: Hello,
      ) {}
    }
    class Careless {
      constructor(@inject(Greeter) readonly greeter: Greeter = new Hello()) {}
    }
    const plugin = container({ requires: [Greeter.id] }, { [Greeter.id]: new Hello() });
    const setup = (scope: PluginScope) => {
      scope.run(Bare);
      scope.run(Careless);
    };
    expect(problems(plugin, setup)).toEqual([
      "SKERRY_PLUGIN_BARE_PARAMETER p: parameter 1 of the constructor of Bare says no token",
      "SKERRY_PLUGIN_BARE_PARAMETER p: parameter 0 of the constructor of Careless says no token",
    ]);
  });

  it("refuses a plugin that does not answer all it declares", () => {
    expect(problems(container({ provides: [Greeter.id], contributes: [wordPoint.id] }))).toEqual([
      "SKERRY_PLUGIN_UNPROVIDED p declares test.greeter/1 and its set-up never answers it",
      "SKERRY_PLUGIN_UNPROVIDED p declares test.word/1 and its set-up never answers it",
    ]);
  });

  it("refuses two answers to one contract, where the last would win in silence", () => {
    const twice = (scope: PluginScope) => {
      scope.provide(Greeter, Hello);
      scope.provide(Greeter, Echoing);
    };
    expect(() => twice(container({ provides: [Greeter.id] }))).toThrow(
      "p: test.greeter/1 is answered twice: by Hello and by Echoing",
    );
    const required = container({ requires: [Greeter.id] }, { [Greeter.id]: new Hello() });
    expect(() => required.bind(Greeter, Hello)).toThrow(
      expect.objectContaining({
        code: "SKERRY_PLUGIN_ANSWERED_TWICE",
        message: "p: test.greeter/1 is answered twice: by the manifest and by Hello",
      }),
    );
  });

  it("refuses a class that takes an optional contract for granted", () => {
    class Sure {
      constructor(@inject(Echo) readonly echo: Greeter) {}
    }
    class Careful {
      constructor(@inject(optional(Echo)) readonly echo: Greeter | undefined) {}
    }
    const plugin = () => container({ optional: [Echo.id] }, { [Echo.id]: undefined });
    expect(problems(plugin(), (scope) => scope.run(Sure))).toEqual([
      'SKERRY_PLUGIN_UNDECLARED p: Sure needs test.echo/1, which is only optional (say so with optional()); add it to "requires"',
    ]);
    expect(problems(plugin(), (scope) => scope.run(Careful))).toEqual([]);
    expect(problems(container({}), (scope) => scope.run(Careful))).toEqual([
      'SKERRY_PLUGIN_UNDECLARED p: Careful asks for test.echo/1, which is not declared; add it to "optional"',
    ]);
  });

  it("refuses a class without a name like any other", () => {
    const nameless = (() =>
      class {
        constructor(readonly thing: object) {}
      })();
    expect(problems(container({}), (scope) => scope.run(nameless))).toEqual([
      "SKERRY_PLUGIN_BARE_PARAMETER p: parameter 0 of the constructor of a class without a name says no token",
    ]);
  });

  it("refuses a set-up that goes on after it returned", () => {
    const plugin = container({});
    expect(problems(plugin)).toEqual([]);
    const late = { code: "SKERRY_PLUGIN_SETUP_OVER", message: "p went on with its set-up after it returned" };
    expect(() => plugin.run(Hello)).toThrow(expect.objectContaining(late));
    expect(() => plugin.bind(Greeter, Hello)).toThrow(expect.objectContaining(late));
  });
});

describe("a plugin's container constructs", () => {
  const constructed = (plugin: PluginContainer, setup: (scope: PluginScope) => void) => {
    expect(problems(plugin, setup)).toEqual([]);
    plugin.construct();
    return plugin.instances();
  };

  it("a class once, under however many names", () => {
    const plugin = container({ provides: [Greeter.id, Echo.id], contributes: [wordPoint.id] });
    const instances = constructed(plugin, (scope) => {
      scope.provide(Greeter, Hello);
      scope.provide(Echo, Hello);
      scope.contribute(wordPoint, Hello as never);
      scope.contribute(wordPoint, Hello as never);
      scope.run(Hello);
    });
    expect(instances).toHaveLength(1);
    expect(plugin.answer(Greeter.id)).toBe(instances[0]);
    expect(plugin.answer(Echo.id)).toBe(instances[0]);
    expect(plugin.contributed(wordPoint.id)).toEqual(instances);
  });

  it("each object after those it receives, and keeps bound tokens to itself", () => {
    const plugin = container({ provides: [Echo.id] });
    const instances = constructed(plugin, (scope) => {
      scope.provide(Echo, Echoing);
      scope.bind(Greeter, Hello);
    });
    expect(instances.map((instance) => instance.constructor.name)).toEqual(["Hello", "Echoing"]);
    expect(plugin.answer(Greeter.id)).toBeUndefined();
  });

  it("a subclass with the parameters it inherits", () => {
    class Louder extends Echoing {}
    class Loudest extends Louder {
      override greet() {
        return `${super.greet()}!`;
      }
    }
    const setup = (scope: PluginScope) => scope.run(Loudest);
    expect(problems(container({}), setup)).toHaveLength(1);
    const [instance] = constructed(container({ requires: [Greeter.id] }, { [Greeter.id]: new Hello() }), setup);
    expect((instance as Loudest).greet()).toBe("hello!!");
  });

  it("a subclass with a constructor of its own by that one", () => {
    class Fixed extends Echoing {
      constructor() {
        super(new Hello());
      }
    }
    class Refixed extends Fixed {}
    const [instance] = constructed(container({}), (scope) => scope.run(Refixed));
    expect((instance as Refixed).greet()).toBe("hello!");
  });

  it("a subclass of a class that is nobody's", () => {
    class Words extends Array<string> {}
    expect(constructed(container({}), (scope) => scope.run(Words))).toEqual([new Words()]);
    class Needy {
      constructor(readonly thing: object) {}
    }
    class Needier extends Needy {}
    expect(problems(container({}), (scope) => scope.run(Needier as never))).toHaveLength(1);
  });

  it("nothing that receives itself, and names it", () => {
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
    expect(() => plugin.construct()).toThrow(
      "p: Left could not be constructed: its classes receive each other in a circle",
    );
  });

  it("and names the class whose constructor threw, not the one that received it", () => {
    const cause = new Error("no luck");
    class Unlucky {
      constructor() {
        throw cause;
      }
    }
    const plugin = container({});
    plugin.run(Echoing);
    plugin.bind(Greeter, Unlucky as never);
    plugin.check();
    expect(() => plugin.construct()).toThrow(
      expect.objectContaining({
        code: "SKERRY_PLUGIN_CONSTRUCT_FAILED",
        message: "p: Unlucky could not be constructed: no luck",
        cause,
      }),
    );
  });
});

it("tokens remember which parameter they belong to", () => {
  class Pair {
    constructor(
      @inject(Greeter) readonly one: Greeter,
      @inject(Echo) readonly two: Greeter,
    ) {}
  }
  expect([...tokensOf(Pair)].map(([index, { id }]) => [index, id]).sort()).toEqual([
    [0, Greeter.id],
    [1, Echo.id],
  ]);
});
