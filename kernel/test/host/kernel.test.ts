import { Clock, commandPoint, Logger, NodeInfo, Random, settingsToken, statusSectionPoint } from "@skerry/contracts";
import { inject, optional } from "@skerry/plugin";
import { FakeClock, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { type PluginEntry, planBoot } from "../../src/host/index.ts";
import {
  Diary,
  Echo,
  Echoing,
  entry,
  Greeter,
  Hello,
  manifest,
  node,
  problemsOf,
  start,
  WordOwner,
  wordPoint,
} from "./fixtures.ts";

class Words extends Array<string> {}

describe("kernel", () => {
  it("hands a plugin what it requires, resolved in the plugin that provides it", async () => {
    await using kernel = await start([
      entry(manifest("echo", { provides: [Echo.id], requires: [Greeter.id] }), (scope) => scope.provide(Echo, Echoing)),
      entry(manifest("hello", { provides: [Greeter.id] }), (scope) => scope.provide(Greeter, Hello)),
    ]);
    expect(kernel.service(Echo).greet()).toBe("hello!");
    expect((kernel.service(Echo) as Echoing).greeter).toBe(kernel.service(Greeter));
  });

  it("hands in contracts from outside, in place of a plugin", async () => {
    const given = new Hello();
    await using kernel = await start(
      [
        entry(manifest("echo", { provides: [Echo.id], requires: [Greeter.id] }), (scope) =>
          scope.provide(Echo, Echoing),
        ),
      ],
      { provided: [[Greeter, given]] },
    );
    expect((kernel.service(Echo) as Echoing).greeter).toBe(given);
    expect(kernel.service(Greeter)).toBe(given);
  });

  it("gives each plugin its own settings and logger, and undefined for an absent optional", async () => {
    const Settings = settingsToken<{ word: string }>();
    const records: string[] = [];
    class Reader {
      constructor(
        @inject(Settings) readonly settings: { word: string },
        @inject(Logger) readonly log: Logger,
        @inject(optional(Echo)) readonly echo: Greeter | undefined,
      ) {}
      greet() {
        this.log.info("read");
        return `${this.settings.word} ${this.echo}`;
      }
    }
    const settings = { properties: { word: { type: "string" as const, description: "a word" } } };
    const requires = [Logger.id, "kernel.settings/1"];
    const source = manifest("reader", { provides: [Greeter.id], requires, optional: [Echo.id], settings });
    await using kernel = await start([entry(source, (scope) => scope.provide(Greeter, Reader), { word: "mine" })], {
      log: ({ plugin, message }) => void records.push(`${plugin}: ${message}`),
    });
    expect(kernel.service(Greeter).greet()).toBe("mine undefined");
    expect(records).toEqual(["reader: read"]);
  });

  it("provides clock, random, node and logger, also to whoever booted it", async () => {
    const clock = new FakeClock();
    const random = new SeededRandom();
    class Needy {
      constructor(
        @inject(Clock) readonly clock: Clock,
        @inject(Random) readonly random: Random,
        @inject(NodeInfo) readonly node: NodeInfo,
      ) {}
      greet() {
        return [this.clock === clock, this.random === random, this.node.name].join(" ");
      }
    }
    const source = manifest("needy", { provides: [Greeter.id], requires: [Clock.id, Random.id, NodeInfo.id] });
    await using kernel = await start([entry(source, (scope) => scope.provide(Greeter, Needy))], { clock, random });
    expect(kernel.service(Greeter).greet()).toBe("true true n");
    expect([kernel.service(Clock), kernel.service(Random), kernel.service(NodeInfo)]).toEqual([clock, random, node]);
    kernel.service(Logger).info("fine");
  });

  it("keeps a plugin's secret settings out of its log", async () => {
    const Settings = settingsToken<{ password: string }>();
    const lines: string[] = [];
    class Careless {
      constructor(
        @inject(Settings) readonly settings: { password: string },
        @inject(Logger) readonly log: Logger,
      ) {}
      async start() {
        this.log.info(`signing in with ${this.settings.password}`, { settings: this.settings });
      }
    }
    const settings = { properties: { password: { type: "string" as const, description: "a secret", secret: true } } };
    const source = manifest("careless", { requires: [Logger.id, "kernel.settings/1"], settings });
    await using _ = await start([entry(source, (scope) => scope.run(Careless), { password: "high-tide" })], {
      log: ({ message, fields }) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    });
    expect(lines).toEqual(['signing in with [secret] {"settings":{"password":"[secret]"}}']);
  });

  it("knows no service that nobody provides", async () => {
    await using kernel = await start([]);
    expect(() => kernel.service(Echo)).toThrow(
      expect.objectContaining({ code: "SKERRY_KERNEL_UNKNOWN_SERVICE", message: expect.stringContaining(Echo.id) }),
    );
  });
});

describe("a boot", () => {
  it("loads no code before the plan is accepted", async () => {
    let loaded = 0;
    const plain = entry(manifest("a"));
    const load = () => {
      loaded += 1;
      return plain.load();
    };
    const watched: PluginEntry = { ...plain, load };
    expect(await problemsOf(start([watched, entry(manifest("b", { requires: ["x.absent/1"] }))]))).toEqual([
      "SKERRY_BOOT_NO_PROVIDER b requires x.absent/1, which no plugin of this profile provides",
    ]);
    expect(loaded).toBe(0);
    await using _ = await start([watched]);
    expect(loaded).toBe(1);
  });

  it("is refused with all that is wrong with the code of its plugins, before any of it is constructed", async () => {
    const diary = new Diary();
    const broken = { ...entry(manifest("broken")), load: () => Promise.reject(new Error("no such file")) };
    const other = {
      ...entry(manifest("other")),
      load: async () => ({ manifest: manifest("b"), setup: () => undefined }),
    };
    const none = { ...entry(manifest("none")), load: async () => undefined } as unknown as PluginEntry;
    const throwing = entry(manifest("throwing"), () => {
      throw new Error("half a plugin");
    });
    const undeclared = entry(manifest("undeclared"), (scope) => {
      scope.run(Echoing);
      scope.provide(Greeter, Hello);
    });
    const fine = diary.plugin(manifest("fine"));
    expect([...(await problemsOf(start([broken, other, none, throwing, undeclared, fine])))].sort()).toEqual([
      "SKERRY_PLUGIN_LOAD_FAILED the code of broken could not be loaded: no such file",
      "SKERRY_PLUGIN_SETUP_FAILED the set-up of throwing failed: half a plugin",
      'SKERRY_PLUGIN_UNDECLARED undeclared: set-up provides test.greeter/1, which is not declared; add it to "provides"',
      "SKERRY_PLUGIN_WRONG_CODE the code loaded for none says it is nothing",
      "SKERRY_PLUGIN_WRONG_CODE the code loaded for other says it is b",
    ]);
    expect(diary.lines).toEqual([]);
  });

  it("is refused when a constructor throws, and starts nothing", async () => {
    const diary = new Diary();
    const construct = () => {
      throw new Error("no luck");
    };
    const plugins = [
      diary.plugin(manifest("user", { requires: [Greeter.id] })),
      diary.plugin(manifest("maker", { provides: [Greeter.id] }), { construct }),
    ];
    const [problem, ...others] = await problemsOf(start(plugins));
    expect(problem).toMatch(/^SKERRY_PLUGIN_CONSTRUCT_FAILED maker: .* could not be constructed: no luck$/);
    expect(others).toEqual([]);
    expect(diary.lines).toEqual(["construct maker"]);
  });
});

describe("an extension point", () => {
  const owner = manifest("owner", { extensionPoints: [wordPoint.id] });
  const filler = (id: string) =>
    entry(manifest(id, { contributes: [wordPoint.id] }), (scope) => scope.contribute(wordPoint, Words));

  it("gives its owner every contribution, in boot order, when it starts", async () => {
    const seen: string[] = [];
    class Reading extends WordOwner {
      async start() {
        seen.push(...this.words.all().map(({ plugin }) => plugin));
      }
    }
    await using kernel = await start([entry(owner, (scope) => scope.run(Reading)), filler("one"), filler("two")]);
    expect(seen).toEqual(["one", "two"]);
    expect(kernel.contributions(wordPoint).map(({ plugin, value }) => [plugin, value])).toEqual([
      ["one", new Words()],
      ["two", new Words()],
    ]);
  });

  it("without contributions is an empty list", async () => {
    await using kernel = await start([entry(owner, (scope) => scope.run(WordOwner))]);
    expect(kernel.contributions(wordPoint)).toEqual([]);
  });

  it("cannot be read while plugins are constructed", async () => {
    class Hasty extends WordOwner {
      constructor(@inject(wordPoint.contributions) words: WordOwner["words"]) {
        super(words);
        words.all();
      }
    }
    const hasty = entry(owner, (scope) => scope.run(Hasty));
    await expect(start([hasty])).rejects.toMatchObject({ errors: [{ cause: { code: "SKERRY_KERNEL_TOO_EARLY" } }] });
    expect(await problemsOf(start([hasty]))).toEqual([
      "SKERRY_PLUGIN_CONSTRUCT_FAILED owner: Hasty could not be constructed: owner read the contributions to test.word/1 before the node starts plugins",
    ]);
  });

  it("of the kernel takes status sections and commands", async () => {
    class Section {
      readonly name = "tide";
      collect = async () => ({ data: 1, lines: ["high"] });
    }
    class Call {
      readonly name = "wave";
      readonly summary = "waves";
      readonly usage = "skerry wave";
      run = async () => 0;
    }
    await using kernel = await start([
      entry(manifest("a", { contributes: [statusSectionPoint.id, commandPoint.id] }), (scope) => {
        scope.contribute(statusSectionPoint, Section);
        scope.contribute(commandPoint, Call);
      }),
    ]);
    expect(kernel.contributions(statusSectionPoint)).toMatchObject([{ plugin: "a", value: { name: "tide" } }]);
    expect(kernel.contributions(commandPoint)).toMatchObject([{ plugin: "a", value: { name: "wave" } }]);
  });
});

it("planning needs no node", () => {
  expect(planBoot([], { provides: [], extensionPoints: [] })).toEqual({ plugins: [], problems: [] });
});
