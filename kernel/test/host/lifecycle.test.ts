import { inject, optional as maybe, type SkerryError } from "@skerry/plugin";
import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import type { StateChange } from "../../src/host/index.ts";
import { Diary, Echo, entry, Greeter, manifest, problemsOf, start, WordOwner, wordPoint } from "./fixtures.ts";

const provider = (id: string, rest: Parameters<typeof manifest>[1] = {}) =>
  manifest(id, { provides: [Greeter.id], ...rest });
const user = (id: string, rest: Parameters<typeof manifest>[1] = {}) =>
  manifest(id, { requires: [Greeter.id], ...rest });
const fails = (problem: string) => ({ start: () => Promise.reject(new Error(problem)) });
/** Never done; says when it was told to give up. */
const hangs = (aborted: (reason: unknown) => void = () => undefined) => ({
  start: (signal: AbortSignal) =>
    new Promise<void>(() => signal.addEventListener("abort", () => aborted(signal.reason))),
});

describe("start", () => {
  it("constructs all, then starts in order; stop is the reverse", async () => {
    const diary = new Diary();
    const kernel = await start([diary.plugin(user("b")), diary.plugin(provider("a"))]);
    expect(kernel.state).toBe("running");
    await kernel.stop();
    expect(diary.lines).toEqual(["construct a", "construct b", "start a", "start b", "stop b", "stop a"]);
    expect(kernel.state).toBe("stopped");
  });

  it("of one plugin is object after object, stop the reverse, also of those that only stop", async () => {
    const diary = new Diary();
    const Base = diary.component("base");
    class Passive {
      constructor(@inject(Greeter) readonly base: object) {}
      async stop() {
        diary.lines.push("stop passive");
      }
    }
    class Top {
      constructor(@inject(Echo) readonly passive: object) {}
      async start() {
        diary.lines.push("start top");
      }
      async stop() {
        diary.lines.push("stop top");
      }
    }
    const kernel = await start([
      entry(manifest("a"), (scope) => {
        scope.run(Top);
        scope.bind(Echo, Passive as never);
        scope.bind(Greeter, Base);
      }),
    ]);
    await kernel.stop();
    expect(diary.lines).toEqual(["construct base", "start base", "start top", "stop top", "stop passive", "stop base"]);
  });

  it("is side by side for plugins that do not need each other", async () => {
    const clock = new FakeClock();
    const diary = new Diary();
    const slow = { start: () => clock.sleep(100) };
    const booting = start(
      [diary.plugin(provider("a"), slow), diary.plugin(manifest("b"), slow), diary.plugin(user("c"), slow)],
      { clock },
    );
    await clock.advance(99);
    expect(diary.lines.filter((line) => line.startsWith("start"))).toEqual(["start a", "start b"]);
    await clock.advance(101);
    await using kernel = await booting;
    expect(kernel.inspect()).toMatchObject({
      bootMs: 200,
      plugins: [{ startMs: 100 }, { startMs: 100 }, { startMs: 100 }],
    });
    expect(clock.pending).toBe(0);
  });

  it("has a deadline that names the plugin, aborts it, and undoes the others", async () => {
    const clock = new FakeClock();
    const diary = new Diary();
    let reason: unknown;
    const booting = problemsOf(
      start(
        [
          diary.plugin(provider("a")),
          diary.plugin(
            user("slow", { startWithinMs: 700 }),
            hangs((given) => {
              reason = given;
            }),
          ),
        ],
        { clock },
      ),
    );
    await clock.advance(699);
    expect(reason).toBeUndefined();
    await clock.advance(1);
    expect(await booting).toEqual(["SKERRY_PLUGIN_START_DEADLINE slow did not start within 700 ms"]);
    expect(reason).toMatchObject({ message: "deadline of 700 ms passed" });
    expect(diary.lines.slice(-2)).toEqual(["stop slow", "stop a"]);
    expect(clock.pending).toBe(0);
  });

  it("has ten seconds unless the manifest says otherwise", async () => {
    const clock = new FakeClock();
    const booting = problemsOf(start([new Diary().plugin(manifest("a"), hangs())], { clock }));
    await clock.advance(10_000);
    expect(await booting).toEqual(["SKERRY_PLUGIN_START_DEADLINE a did not start within 10000 ms"]);
  });

  it("that comes too late harms nobody", async () => {
    const clock = new FakeClock();
    const late = { start: () => clock.sleep(20_000).then(() => Promise.reject(new Error("late"))) };
    const booting = problemsOf(start([new Diary().plugin(manifest("a"), late)], { clock }));
    await clock.advance(30_000);
    expect(await booting).toHaveLength(1);
  });

  it("of an essential plugin that fails aborts the others and refuses the boot, undone in reverse", async () => {
    const diary = new Diary();
    const gives = {
      start: (signal: AbortSignal) =>
        new Promise<void>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("given up", { cause: signal.reason })));
        }),
    };
    const waiting = manifest("waiting", { provides: [Echo.id] });
    const plugins = [
      entry(waiting, (scope) => scope.provide(Echo, diary.component("waiting", gives))),
      diary.plugin(manifest("never", { requires: [Echo.id] })),
      diary.plugin(user("b"), fails("no disk")),
      diary.plugin(provider("a")),
    ];
    expect(await problemsOf(start(plugins))).toEqual(["SKERRY_PLUGIN_START_FAILED b did not start: no disk"]);
    const after = diary.lines.slice(diary.lines.indexOf("start b"));
    expect([...after].sort()).toEqual(["start b", "stop a", "stop b", "stop waiting"]);
    expect(after.at(-1)).not.toBe("stop b");
  });

  it("of several essential plugins that fail each for itself reports each", async () => {
    const diary = new Diary();
    const plugins = ["a", "b"].map((id) => diary.plugin(manifest(id), fails(`no ${id}`)));
    expect(await problemsOf(start(plugins))).toEqual([
      "SKERRY_PLUGIN_START_FAILED a did not start: no a",
      "SKERRY_PLUGIN_START_FAILED b did not start: no b",
    ]);
  });

  it("is called off by the signal of the boot", async () => {
    const diary = new Diary();
    const abort = new AbortController();
    const waits = {
      start: (signal: AbortSignal) =>
        new Promise<void>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          abort.abort(new Error("SIGTERM"));
        }),
    };
    const plugins = [diary.plugin(provider("a")), diary.plugin(user("b"), waits), diary.plugin(manifest("c"))];
    expect(await problemsOf(start(plugins, { signal: abort.signal }))).toEqual([
      "SKERRY_BOOT_CANCELLED the boot was called off: SIGTERM",
    ]);
    expect(diary.lines.slice(-3)).toEqual(["stop b", "stop c", "stop a"]);
    diary.lines.length = 0;
    expect(await problemsOf(start([diary.plugin(manifest("d"))], { signal: abort.signal }))).toHaveLength(1);
    expect(diary.lines).not.toContain("start d");
  });
});

describe("stop", () => {
  it("tries everything and reports the failures together", async () => {
    const diary = new Diary();
    const kernel = await start([
      diary.plugin(manifest("a")),
      diary.plugin(manifest("b"), { stop: () => Promise.reject(new Error("stuck")) }),
      diary.plugin(manifest("c"), {
        stop: () => {
          throw new Error("not even a promise");
        },
      }),
    ]);
    const stopping = kernel.stop();
    await expect(stopping).rejects.toThrow(AggregateError);
    const failures = await stopping.catch((error: AggregateError) => error.errors as SkerryError[]);
    expect((failures as SkerryError[]).map(({ code, message }) => `${code} ${message}`)).toEqual([
      "SKERRY_PLUGIN_STOP_FAILED c did not stop in order: not even a promise",
      "SKERRY_PLUGIN_STOP_FAILED b did not stop in order: stuck",
    ]);
    expect(diary.lines.slice(-3)).toEqual(["stop c", "stop b", "stop a"]);
    expect(kernel.state).toBe("stopped");
  });

  it("gives each five seconds", async () => {
    const clock = new FakeClock();
    const diary = new Diary();
    const kernel = await start(
      [diary.plugin(manifest("a")), diary.plugin(manifest("b"), { stop: () => new Promise(() => undefined) })],
      { clock },
    );
    const stopping = kernel.stop().catch((error: AggregateError) => error.message);
    await clock.advance(4_999);
    expect(diary.lines).not.toContain("stop a");
    await clock.advance(1);
    expect(await stopping).toBe("b did not stop in order: not done after 5000 ms");
    expect(diary.lines.at(-1)).toBe("stop a");
    expect(clock.pending).toBe(0);
  });

  it("happens once, however often it is asked for", async () => {
    const diary = new Diary();
    const kernel = await start([diary.plugin(manifest("a"))]);
    await Promise.all([kernel.stop(), kernel.stop()]);
    await kernel.stop();
    expect(diary.lines.filter((line) => line === "stop a")).toHaveLength(1);
  });
});

describe("a plugin that is not essential", () => {
  const optional = { essential: false } as const;
  const states = (kernel: Awaited<ReturnType<typeof start>>) =>
    Object.fromEntries(kernel.inspect().plugins.map(({ id, state, error }) => [id, error?.message ?? state]));

  it("may fail: the node goes on, degraded, without it and those that require it, and says so", async () => {
    const diary = new Diary();
    const records: unknown[] = [];
    await using kernel = await start(
      [
        diary.plugin(provider("radio", optional), fails("no adapter")),
        diary.plugin(user("listener", optional)),
        diary.plugin(manifest("rest")),
      ],
      { log: ({ level, plugin, fields }) => void records.push([level, plugin, (fields["error"] as SkerryError).code]) },
    );
    expect(kernel.state).toBe("degraded");
    expect(states(kernel)).toEqual({
      radio: "radio did not start: no adapter",
      listener: "listener did not start because radio, which it requires, failed",
      rest: "running",
    });
    expect(diary.lines).not.toContain("start listener");
    expect(records).toEqual([
      ["error", "kernel", "SKERRY_PLUGIN_START_FAILED"],
      ["error", "kernel", "SKERRY_PLUGIN_NEEDS_FAILED"],
    ]);
  });

  it("is undone at once when its start fails, also when the undoing fails", async () => {
    const diary = new Diary();
    const life = { ...fails("no adapter"), stop: () => Promise.reject(new Error("still open")) };
    const kernel = await start([diary.plugin(manifest("radio", optional), life)]);
    expect(diary.lines).toEqual(["construct radio", "start radio", "stop radio"]);
    expect(kernel.state).toBe("degraded");
    await kernel.stop();
    expect(diary.lines).toHaveLength(3);
  });

  it("takes an essential one that requires it down, and with it the node", async () => {
    const diary = new Diary();
    const plugins = [diary.plugin(provider("radio", optional), fails("no adapter")), diary.plugin(user("listener"))];
    expect(await problemsOf(start(plugins))).toEqual([
      "SKERRY_PLUGIN_NEEDS_FAILED listener did not start because radio, which it requires, failed",
      "SKERRY_PLUGIN_START_FAILED radio did not start: no adapter",
    ]);
  });

  it("may miss its deadline, too", async () => {
    const clock = new FakeClock();
    const booting = start([new Diary().plugin(manifest("radio", { ...optional, startWithinMs: 50 }), hangs())], {
      clock,
    });
    await clock.advance(50);
    await using kernel = await booting;
    expect(states(kernel)).toEqual({ radio: "radio did not start within 50 ms" });
  });

  it("may fail to load or to be constructed; who can do without it gets undefined", async () => {
    const diary = new Diary();
    class Careful {
      constructor(@inject(maybe(Greeter)) readonly greeter: Greeter | undefined) {}
      greet() {
        return String(this.greeter);
      }
    }
    const broken = {
      ...diary.plugin(provider("radio", optional)),
      load: () => Promise.reject(new Error("no library")),
    };
    const unlucky = diary.plugin(manifest("unlucky", optional), {
      construct: () => {
        throw new Error("no luck");
      },
    });
    const careful = entry(manifest("careful", { optional: [Greeter.id], provides: [Echo.id] }), (scope) =>
      scope.provide(Echo, Careful),
    );
    await using kernel = await start([broken, unlucky, careful, diary.plugin(user("listener", optional))]);
    expect(kernel.service(Echo).greet()).toBe("undefined");
    expect(states(kernel)).toMatchObject({
      radio: "the code of radio could not be loaded: no library",
      unlucky: expect.stringContaining("could not be constructed: no luck"),
      careful: "running",
      listener: "listener did not start because radio, which it requires, failed",
    });
    expect(diary.lines).toEqual(["construct unlucky"]);
    expect(() => kernel.service(Greeter)).toThrow(/test\.greeter\/1/);
  });

  it("leaves its contribution out when it fails, and the owner goes on", async () => {
    class Word extends Array<string> {
      start() {
        return Promise.reject(new Error("no word"));
      }
    }
    await using kernel = await start([
      entry(manifest("owner", { extensionPoints: [wordPoint.id] }), (scope) => scope.run(WordOwner)),
      entry(manifest("filler", { ...optional, contributes: [wordPoint.id] }), (scope) =>
        scope.contribute(wordPoint, Word),
      ),
    ]);
    expect(states(kernel)).toEqual({ filler: "filler did not start: no word", owner: "running" });
    expect(kernel.contributions(wordPoint)).toEqual([]);
  });
});

describe("states", () => {
  it("are told step by step, of plugins and of the node", async () => {
    const during: StateChange[] = [];
    const after: StateChange[] = [];
    const kernel = await start([new Diary().plugin(provider("a")), new Diary().plugin(user("b"))], {
      onStateChange: (change) => void during.push(change),
    });
    const listening = kernel.onStateChange((change) => void after.push(change));
    const text = (changes: StateChange[]) => changes.map(({ plugin = "node", state }) => `${plugin} ${state}`);
    expect(text(during)).toEqual([
      "a constructed",
      "b constructed",
      "a starting",
      "a running",
      "b starting",
      "b running",
      "node running",
    ]);
    during.length = 0;
    await kernel.stop();
    expect(text(after)).toEqual([
      "node stopping",
      "b stopping",
      "b stopped",
      "a stopping",
      "a stopped",
      "node stopped",
    ]);
    expect(during).toEqual(after);
    listening[Symbol.dispose]();
  });

  it("are not told to who no longer listens", async () => {
    const told: StateChange[] = [];
    const kernel = await start([]);
    kernel.onStateChange((change) => void told.push(change))[Symbol.dispose]();
    await kernel.stop();
    expect(told).toEqual([]);
  });
});
