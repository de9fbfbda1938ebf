import { Clock, Logger, settingsToken } from "@skerry/contracts";
import { inject, optional, type SkerryError } from "@skerry/plugin";
import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { boot, type Kernel, type PluginEntry } from "../../src/host/index.ts";
import { Diary, Echo, Echoing, entry, Greeter, Hello, manifest, node, WordOwner, wordPoint } from "./fixtures.ts";

const start = (plugins: readonly PluginEntry[], clock?: FakeClock): Promise<Kernel> =>
  boot({ node, plugins, log: () => undefined, ...(clock && { clock }) });

async function codes(booting: Promise<Kernel>): Promise<readonly string[]> {
  const refused = await booting.then(
    () => undefined,
    (error: unknown) => error,
  );
  const errors = refused instanceof AggregateError ? refused.errors : [refused];
  return errors.map((error: SkerryError) => error.code);
}

describe("kernel", () => {
  it("hands a plugin what it requires, resolved in the plugin that provides it", async () => {
    await using kernel = await start([
      entry(manifest("echo", { provides: [Echo.id], requires: [Greeter.id] }), (scope) => scope.provide(Echo, Echoing)),
      entry(manifest("hello", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, Hello)),
    ]);
    expect(kernel.service(Echo).greet()).toBe("hello!");
    expect((kernel.service(Echo) as Echoing).greeter).toBe(kernel.service(Greeter));
  });

  it("loads no code before the plan is accepted", async () => {
    let loaded = 0;
    const watched = {
      ...entry(manifest("a")),
      load: async () => ({ manifest: manifest("a"), setup: () => (loaded += 1) }),
    };
    expect(await codes(start([watched as PluginEntry, entry(manifest("b", { requires: ["x.absent/1"] }))]))).toEqual([
      "SKERRY_BOOT_NO_PROVIDER",
    ]);
    expect(loaded).toBe(0);
  });

  it("stops in the reverse order of start", async () => {
    const diary = new Diary();
    const kernel = await start([
      entry(manifest("b", { requires: [Greeter.id] }), (scope) => scope.run(diary.component("b"))),
      entry(manifest("a", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, diary.component("a"))),
    ]);
    await kernel.stop();
    expect(diary.lines).toEqual(["construct a", "construct b", "start a", "start b", "stop b", "stop a"]);
    expect(kernel.state).toBe("stopped");
  });

  it("tries every stop and reports the failures together", async () => {
    const diary = new Diary();
    const failing = { stop: () => Promise.reject(new Error("stuck")) };
    const kernel = await start([
      entry(manifest("a"), (scope) => scope.run(diary.component("a"))),
      entry(manifest("b"), (scope) => scope.run(diary.component("b", failing))),
    ]);
    await expect(kernel.stop()).rejects.toThrow("b did not stop in order: stuck");
    expect(diary.lines).toContain("stop a");
  });

  it("names the plugin whose start passes its deadline, aborts it, and undoes the others", async () => {
    const clock = new FakeClock();
    const diary = new Diary();
    let aborted = false;
    const hanging = {
      start: (signal: AbortSignal) =>
        new Promise<void>(() => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
        }),
    };
    const booting = codes(
      start(
        [
          entry(manifest("a", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, diary.component("a"))),
          entry(manifest("slow", { requires: [Greeter.id], startWithinMs: 700 }), (scope) =>
            scope.run(diary.component("slow", hanging)),
          ),
        ],
        clock,
      ),
    );
    await clock.advance(699);
    expect(aborted).toBe(false);
    await clock.advance(1);
    expect(await booting).toEqual(["SKERRY_PLUGIN_START_DEADLINE"]);
    expect(aborted).toBe(true);
    expect(diary.lines.slice(-2)).toEqual(["stop slow", "stop a"]);
    expect(clock.pending).toBe(0);
  });

  it("goes on, degraded, without a plugin that is not essential, and without those that require only it", async () => {
    const diary = new Diary();
    const failing = { start: () => Promise.reject(new Error("no adapter")) };
    await using kernel = await start([
      entry(manifest("radio", { essential: false, provides: [Greeter.id] }), (scope) =>
        scope.provide(Greeter, diary.component("radio", failing)),
      ),
      entry(manifest("listener", { essential: false, requires: [Greeter.id] }), (scope) =>
        scope.run(diary.component("listener")),
      ),
      entry(manifest("rest"), (scope) => scope.run(diary.component("rest"))),
    ]);
    expect(kernel.state).toBe("degraded");
    const states = Object.fromEntries(
      kernel.inspect().plugins.map(({ id, state, error }) => [id, error?.message ?? state]),
    );
    expect(states).toEqual({
      radio: "radio did not start: no adapter",
      listener: "listener did not start because radio, which it requires, failed",
      rest: "running",
    });
    expect(diary.lines).not.toContain("start listener");
  });

  it("refuses the boot when an essential plugin fails", async () => {
    const failing = { start: () => Promise.reject(new Error("no disk")) };
    expect(
      await codes(start([entry(manifest("a"), (scope) => scope.run(new Diary().component("a", failing)))])),
    ).toEqual(["SKERRY_PLUGIN_START_FAILED"]);
  });

  it("gives the owner of an extension point every contribution, in boot order", async () => {
    class One extends Array<string> {}
    class Two extends Array<string> {}
    await using kernel = await start([
      entry(manifest("owner", { extensionPoints: [wordPoint.id], provides: [Echo.id] }), (scope) => {
        scope.run(WordOwner);
        scope.provide(Echo, Hello);
      }),
      entry(manifest("one", { contributes: [wordPoint.id] }), (scope) => scope.contribute(wordPoint, One)),
      entry(manifest("two", { contributes: [wordPoint.id] }), (scope) => scope.contribute(wordPoint, Two)),
    ]);
    expect(kernel.contributions(wordPoint).map(({ plugin }) => plugin)).toEqual(["one", "two"]);
  });

  it("refuses to show contributions while plugins are constructed", async () => {
    class Hasty {
      constructor(@inject(wordPoint.contributions) words: { all(): unknown }) {
        words.all();
      }
    }
    const refused = start([entry(manifest("hasty", { extensionPoints: [wordPoint.id] }), (scope) => scope.run(Hasty))]);
    await expect(refused).rejects.toThrow(/before the node starts plugins/);
  });

  it("gives each plugin its own settings and logger, and undefined for an absent optional", async () => {
    const Settings = settingsToken<{ word: string }>();
    const records: string[] = [];
    class Reader {
      constructor(
        @inject(Settings) readonly settings: { word: string },
        @inject(Logger) readonly log: Logger,
        @inject(Clock) readonly clock: Clock,
        @inject(optional(Echo)) readonly echo: Greeter | undefined,
      ) {}
      greet() {
        this.log.info("read");
        return `${this.settings.word} ${this.echo}`;
      }
    }
    const settings = { properties: { word: { type: "string" as const, description: "a word" } } };
    const requires = [Logger.id, Clock.id, "kernel.settings/1"];
    const source = manifest("reader", { provides: [Greeter.id], requires, optional: [Echo.id], settings });
    await using kernel = await boot({
      node,
      plugins: [entry(source, (scope) => scope.provide(Greeter, Reader), { word: "mine" })],
      log: ({ plugin, message }) => void records.push(`${plugin}: ${message}`),
    });
    expect(kernel.service(Greeter).greet()).toBe("mine undefined");
    expect(records).toEqual(["reader: read"]);
  });

  it("refuses code that says it is another plugin, and code that does not load", async () => {
    const other = { ...entry(manifest("a")), load: async () => ({ manifest: manifest("b"), setup: () => undefined }) };
    expect(await codes(start([other]))).toEqual(["SKERRY_PLUGIN_WRONG_CODE"]);
    const broken = { ...entry(manifest("a")), load: () => Promise.reject(new Error("no such file")) };
    expect(await codes(start([broken]))).toEqual(["SKERRY_PLUGIN_LOAD_FAILED"]);
  });

  it("knows no service that nobody provides", async () => {
    await using kernel = await start([]);
    expect(() => kernel.service(Echo)).toThrow(/no plugin of this node provides test.echo\/1/);
  });
});
