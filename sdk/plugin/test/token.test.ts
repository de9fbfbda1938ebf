import { describe, expect, it } from "vitest";
import { definePlugin, defineToken, inject, optional, type PluginScope, tokensOf } from "../src/index.ts";

interface Lamp {
  light(): void;
}
const Lamp = defineToken<Lamp>("test.lamp/1");
const Count = defineToken<number>("test.count/1");

describe("token", () => {
  it("is the same for every copy of the SDK in a process", () => {
    expect(defineToken("test.lamp/1").key).toBe(Lamp.key);
    expect(defineToken("test.lamp/2").key).not.toBe(Lamp.key);
    expect(Object.isFrozen(Lamp)).toBe(true);
  });

  it("marked optional names the same contract, and says that it may be absent", () => {
    const maybe = optional(Lamp);
    expect([maybe.id, maybe.key, maybe.absent, Lamp.absent]).toEqual([Lamp.id, Lamp.key, "possible", undefined]);
  });
});

describe("inject", () => {
  it("tells which parameter receives what", () => {
    class House {
      constructor(
        @inject(Lamp) readonly lamp: Lamp,
        @inject(Count) readonly count: number,
        @inject(optional(Lamp)) readonly second: Lamp | undefined,
      ) {}
    }
    const tokens = tokensOf(House);
    expect([0, 1, 2].map((index) => tokens.get(index)?.id)).toEqual([Lamp.id, Count.id, Lamp.id]);
    expect(tokens.get(2)?.absent).toBe("possible");
  });

  it("does not compile when the token does not fit the parameter", () => {
    class Wrong {
      constructor(
        // @ts-expect-error a number is no Lamp
        @inject(Count) readonly lamp: Lamp,
        // @ts-expect-error it may be undefined
        @inject(optional(Count)) readonly count: number,
        // A wider parameter is fine.
        @inject(Count) readonly either: number | string,
      ) {}
    }
    expect(tokensOf(Wrong).size).toBe(3);
  });

  it("knows nothing of a class that asks for nothing", () => {
    class Plain {}
    expect(tokensOf(Plain).size).toBe(0);
  });
});

describe("plugin scope", () => {
  it("does not compile when a class does not answer its contract", () => {
    class NoLamp {
      dark(): void {}
    }
    const setup = (scope: PluginScope) => {
      // @ts-expect-error NoLamp is no Lamp
      scope.provide(Lamp, NoLamp);
    };
    const plugin = definePlugin({ id: "a" }, setup);
    expect(plugin).toEqual({ manifest: { id: "a" }, setup });
    expect(Object.isFrozen(plugin)).toBe(true);
  });
});
