import { Clock, Logger, settingsToken } from "@skerry/contracts";
import { inject, type Manifest, type PluginScope } from "@skerry/plugin";
import { container, singleton } from "tsyringe";
import { afterEach, describe, expect, it } from "vitest";
import { boot, type Kernel } from "../../src/host/index.ts";
import { Echo, Echoing, entry, Greeter, Hello, manifest, node, problemsOf, wordPoint } from "./fixtures.ts";

type Listed = readonly [Manifest, ((scope: PluginScope) => void)?, unknown?];
const start = (...plugins: readonly Listed[]): Promise<Kernel> =>
  boot({ node, log: () => undefined, plugins: plugins.map((plugin) => entry(...plugin)) });

afterEach(() => container.reset());

/** What tsyringe's defaults would do: see docs/decisions/0001. */
describe("hazards of the container library do not reach plugins", () => {
  const Word = settingsToken<{ word: string }>();
  const settings = { properties: { word: { type: "string" as const, description: "a word" } } };

  class Speaker implements Greeter {
    disposed = false;
    constructor(
      @inject(Word) private readonly settings: { word: string },
      @inject(Logger) readonly log: Logger,
    ) {}
    greet() {
      return this.settings.word;
    }
    dispose() {
      this.disposed = true;
    }
  }

  class Listener implements Greeter {
    constructor(
      @inject(Greeter) readonly speaker: Greeter,
      @inject(Word) readonly settings: { word: string },
    ) {}
    greet() {
      return this.settings.word;
    }
  }

  const speaker: Listed = [
    manifest("speaker", { provides: [Greeter.id], requires: ["kernel.settings/1", Logger.id], settings }),
    (scope) => scope.provide(Greeter, Speaker as never),
    { word: "mine" },
  ];
  const listener = (id: string, provides: readonly string[] = []): Listed => [
    manifest(id, { provides, requires: [Greeter.id, "kernel.settings/1"], settings }),
    (scope) => (provides.length > 0 ? scope.provide(Echo, Listener) : scope.run(Listener)),
    { word: id },
  ];

  it("a service gets its own plugin's dependencies, whoever asks for it first", async () => {
    await using kernel = await start(listener("first"), listener("second", [Echo.id]), speaker);
    expect(kernel.service(Greeter).greet()).toBe("mine");
    expect(kernel.service(Echo).greet()).toBe("second");
    expect((kernel.service(Echo) as Listener).speaker).toBe(kernel.service(Greeter));
  });

  it("nothing is disposed by the container, and one kernel's stop leaves another's objects alone", async () => {
    await using kept = await start(speaker, listener("a"));
    const stopped = await start(speaker, listener("b"));
    const theirs = stopped.service(Greeter) as Speaker;
    await stopped.stop();
    expect(kept.service(Greeter)).not.toBe(theirs);
    expect((kept.service(Greeter) as Speaker).disposed).toBe(false);
    expect(theirs.disposed).toBe(false);
  });

  it("a class of one plugin is invisible to another", async () => {
    const refused = start(
      [manifest("a"), (scope) => scope.bind(Greeter, Hello)],
      [manifest("b", { provides: [Echo.id] }), (scope) => scope.provide(Echo, Echoing)],
    );
    await expect(refused).rejects.toThrow("b: Echoing asks for test.greeter/1, which is not declared");
  });

  it("a class that was never named is not built in silence", async () => {
    class Unlisted {}
    class Hopeful {
      constructor(readonly friend: Unlisted) {}
    }
    await expect(start([manifest("a"), (scope) => scope.run(Hopeful)])).rejects.toThrow(
      "a: parameter 0 of the constructor of Hopeful says no token",
    );
  });

  it("what somebody puts into the process-wide container reaches no plugin", async () => {
    container.register(Clock.key, { useValue: "a false clock" });
    container.register(Greeter.key, { useClass: Hello });
    class Curious {
      constructor(@inject(Clock) readonly clock: Clock) {}
      greet() {
        return typeof this.clock;
      }
    }
    await using kernel = await start([
      manifest("a", { provides: [Echo.id], requires: [Clock.id] }),
      (scope) => scope.provide(Echo, Curious),
    ]);
    expect(kernel.service(Echo).greet()).toBe("object");
    await expect(start([manifest("b"), (scope) => scope.run(Echoing)])).rejects.toThrow("not declared");
  });

  it("a class that makes itself a process-wide singleton is refused", async () => {
    @singleton()
    class Shared extends Hello {}
    const refused = start([manifest("a", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, Shared)]);
    expect(await problemsOf(refused)).toEqual([
      "SKERRY_PLUGIN_GLOBAL_CLASS a: Shared registers itself with the process-wide container",
    ]);
  });

  it("contributions of all plugins arrive, not only those of the owner", async () => {
    const fill: Listed[1] = (scope) => scope.contribute(wordPoint, class extends Array<string> {});
    await using kernel = await start(
      [manifest("owner", { extensionPoints: [wordPoint.id], contributes: [wordPoint.id] }), fill],
      [manifest("other", { contributes: [wordPoint.id] }), fill],
    );
    expect(kernel.contributions(wordPoint).map(({ plugin }) => plugin)).toEqual(["other", "owner"]);
  });
});
