import { describe, expect, it } from "vitest";
import { fuelExport, meterModule } from "../../src/meter/meter-module.ts";
import { wat } from "../wat.ts";

const limits = { memoryPages: 4, initialFuel: 1_000_000 };

function run(text: string, fuel: number, ...args: number[]) {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(meterModule(wat(text), limits)));
  const counter = instance.exports[fuelExport] as WebAssembly.Global;
  counter.value = fuel;
  const go = instance.exports["go"] as (...args: number[]) => unknown;
  let result: unknown;
  let error: unknown;
  try {
    result = go(...args);
  } catch (caught) {
    error = caught;
  }
  return { result, error, left: counter.value, used: fuel - counter.value, instance };
}

const endless: Record<string, string> = {
  "an empty loop": `(module (func (export "go") (loop $l (br $l))))`,
  "a loop behind br_if": `(module (func (export "go") (loop $l (br_if $l (i32.const 1)))))`,
  "a loop behind br_table": `(module (func (export "go") (loop $l (block $b (br_table $l $l $b (i32.const 0))))))`,
  "a loop with a parameter": `(module (func (export "go") (i32.const 5) (loop $l (param i32) (br $l))))`,
  "nested loops": `(module (func (export "go") (loop $a (loop $b (br $a)))))`,
  "a loop in an else": `(module (func (export "go") (if (i32.const 0) (then) (else (loop $l (br $l))))))`,
  "a filling loop": `(module (memory 1)
    (func (export "go") (loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (br $l))))`,
  "a copying loop": `(module (memory 1)
    (func (export "go") (loop $l (memory.copy (i32.const 0) (i32.const 1) (i32.const 65535)) (br $l))))`,
  "a growing loop": `(module (memory 1)
    (func (export "go") (loop $l (drop (memory.grow (i32.const 0))) (br $l))))`,
  "a table growing loop": `(module (table 1 funcref)
    (func (export "go") (loop $l (drop (table.grow 0 (ref.null func) (i32.const 0))) (br $l))))`,
  "a table filling loop": `(module (table 10000 funcref)
    (func (export "go") (loop $l (table.fill 0 (i32.const 0) (ref.null func) (i32.const 10000)) (br $l))))`,
  "two functions that call each other in a loop": `(module
    (func $f (nop)) (func (export "go") (loop $l (call $f) (br $l))))`,
};

describe("fuel", () => {
  it.each(Object.entries(endless))("stops %s", (_, text) => {
    const { error, left } = run(text, 100_000);
    expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
    expect(left).toBeLessThan(0);
  });

  it("stops endless recursion, by fuel or by the stack", () => {
    const text = `(module (func $go (export "go") (call $go)))`;
    expect(run(text, 1000).left).toBeLessThan(0);
    expect(run(text, 2_000_000_000).error).toBeInstanceOf(RangeError);
  });

  it("charges a loop for its length, so that long bodies cost more", () => {
    const body = (nops: number) => `(module (func (export "go") (param i32)
      (loop $l ${"(global.set $g (i32.add (global.get $g) (i32.const 1)))".repeat(nops)}
        (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0))))
      (global $g (mut i32) (i32.const 0)))`;
    const short = run(body(1), 10_000_000, 1000);
    const long = run(body(100), 10_000_000, 1000);
    expect(short.error).toBeUndefined();
    expect(long.used).toBeGreaterThan(short.used * 20);
  });

  it("charges functions for their locals, which are set to zero on entry", () => {
    const many = (locals: number) =>
      `(module (func $f ${"(local i64)".repeat(locals)} (local.set ${locals - 1} (i64.const 1)))
        (func (export "go") (call $f)))`;
    expect(run(many(4000), 100_000).used).toBeGreaterThan(1000);
    expect(run(many(1), 100_000).used).toBeLessThan(50);
  });

  it("charges bulk operations for their length", () => {
    const fill = (length: number) => `(module (memory 4)
      (func (export "go") (memory.fill (i32.const 0) (i32.const 1) (i32.const ${length}))))`;
    expect(run(fill(200_000), 100_000).used).toBeGreaterThan(200_000 / 8);
    expect(run(fill(16), 100_000).used).toBeLessThan(100);
    expect(run(fill(-1), 1_000_000_000).error).toBeInstanceOf(WebAssembly.RuntimeError);
  });

  it("serves the start function before anybody sets it", () => {
    const module = new WebAssembly.Module(meterModule(wat("(module (func $s (loop $l (br $l))) (start $s))"), limits));
    expect(() => new WebAssembly.Instance(module)).toThrow(WebAssembly.RuntimeError);
  });

  it("is the same for the same call, and enough for work that fits", () => {
    const sum = `(module (func (export "go") (param i32) (result i32) (local i32)
      (loop $l (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0))) (local.get 1)))`;
    const first = run(sum, 100_000, 1000);
    const second = run(sum, 100_000, 1000);
    expect(first.result).toBe(500_500);
    expect(second.used).toBe(first.used);
  });
});

describe("memory", () => {
  it("cannot grow beyond the cap", () => {
    const grow = `(module (memory (export "memory") 1) (func (export "go") (param i32) (result i32) (memory.grow (local.get 0))))`;
    expect(run(grow, 100_000, 3).result).toBe(1);
    expect(run(grow, 100_000, 4).result).toBe(-1);
    const wide = `(module (memory 1 60000) (func (export "go") (param i32) (result i32) (memory.grow (local.get 0))))`;
    expect(run(wide, 100_000, 4).result).toBe(-1);
  });

  it("keeps a smaller maximum of its own", () => {
    const own = `(module (memory 1 2) (func (export "go") (param i32) (result i32) (memory.grow (local.get 0))))`;
    expect(run(own, 100_000, 2).result).toBe(-1);
  });

  it("of a table is capped as well", () => {
    const table = `(module (table 1 funcref)
      (func (export "go") (param i32) (result i32) (table.grow 0 (ref.null func) (local.get 0))))`;
    expect(run(table, 100_000, 9_999).result).toBe(1);
    expect(run(table, 100_000, 10_000).result).toBe(-1);
  });
});
