import { errorCode } from "@skerry/plugin";
import { beforeAll, describe, expect, it } from "vitest";
import { maximumModuleBytes, meterModule } from "../../src/meter/meter-module.ts";
import { echoGuest } from "../built-guest.ts";
import { wat } from "../wat.ts";

beforeAll(echoGuest, 120_000);

const limits = { memoryPages: 16, initialFuel: 1000 };
const head = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function codeOf(bytes: Uint8Array): string | undefined {
  try {
    meterModule(bytes, limits);
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
  return undefined;
}

/** A module of functions that consist of empty loops. */
function loops(count: number, functions: number): Uint8Array {
  const leb = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...leb(Math.floor(n / 128))]);
  const section = (id: number, ...content: number[]) => [id, ...leb(content.length), ...content];
  const body = new Uint8Array(count * 3 + 2);
  for (let at = 1; at < body.length - 1; at++) body[at] = [0x03, 0x40, 0x0b][(at - 1) % 3] ?? 0;
  body[body.length - 1] = 0x0b;
  const front = [...head, ...section(1, 1, 0x60, 0, 0), ...section(3, functions, ...Array<number>(functions).fill(0))];
  const each = Uint8Array.from([...leb(body.length), ...body]);
  const code = [10, ...leb(1 + each.length * functions), functions];
  const bytes = new Uint8Array(front.length + code.length + each.length * functions);
  bytes.set([...front, ...code]);
  for (let i = 0; i < functions; i++) bytes.set(each, front.length + code.length + i * each.length);
  return bytes;
}

const unsupported: Record<string, string> = {
  SIMD: `(module (func (drop (v128.const i32x4 0 0 0 0))))`,
  "a SIMD global": `(module (global v128 (v128.const i32x4 0 0 0 0)))`,
  "a SIMD parameter": "(module (func (param v128)))",
  "shared memory": "(module (memory 1 1 shared))",
  atomics: "(module (memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0)))))",
  "a tail call": "(module (func $f (return_call $f)))",
  exceptions: "(module (tag $e) (func (throw $e)))",
  "an imported memory": `(module (import "a" "b" (memory 1)))`,
  "an imported table": `(module (import "a" "b" (table 1 funcref)))`,
  "an imported global": `(module (import "a" "b" (global i32)))`,
  "two memories": "(module (memory 1) (memory 1))",
  "64-bit memory": "(module (memory i64 1))",
  "garbage collection": "(module (type $s (struct (field i32))) (func (drop (struct.new_default $s))))",
  "extended constants": "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
};

describe("the meter refuses", () => {
  it.each(Object.entries(unsupported))("%s", (_, text) => {
    expect(codeOf(wat(text))).toBe("SKERRY_METER_UNSUPPORTED");
  });

  it.each([
    ["a memory that starts above the cap", "(module (memory 17))"],
    ["a table bomb", "(module (table 9000000 funcref))"],
    ["many tables", `(module ${"(table 1 funcref)".repeat(5)})`],
  ])("%s", (_, text) => {
    expect(codeOf(wat(text))).toBe("SKERRY_METER_MEMORY");
  });

  it("modules over the size budget", () => {
    expect(codeOf(new Uint8Array(maximumModuleBytes + 1))).toBe("SKERRY_METER_TOO_LARGE");
    // Empty loops come out seven times as long.
    expect(codeOf(loops(45_000, 20))).toBe("SKERRY_METER_TOO_LARGE");
    expect(codeOf(loops(60_000, 1))).toBe("SKERRY_METER_UNSUPPORTED");
    expect(codeOf(loops(100, 20))).toBeUndefined();
  });

  it("a function that reaches for the global after the last: it would be the fuel", () => {
    const write = [0x41, 0x7f, 0x24, 0x00, 0x0b];
    const code = [1, write.length + 1, 0, ...write];
    const bytes = [...head, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, code.length, ...code];
    expect(codeOf(Uint8Array.from(bytes))).toBe("SKERRY_METER_INVALID");
  });

  it("a module that already exports the fuel's name", () => {
    const taken = `(module (global $g (mut i32) (i32.const 0)) (export "skerry.fuel" (global $g)))`;
    expect(codeOf(wat(taken))).toBe("SKERRY_METER_INVALID");
  });

  it.each([
    ["nothing", []],
    ["another magic number", [0x7f, 0x45, 0x4c, 0x46, 1, 0, 0, 0]],
    ["a component", [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]],
    ["a section longer than the file", [...head, 1, 0x7f]],
    ["a length of more than 32 bits", [...head, 1, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ["a length that never ends", [...head, 1, ...Array<number>(20).fill(0x80)]],
    ["sections out of order", [...head, 3, 1, 0, 1, 1, 0]],
    ["four thousand million types", [...head, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["more bodies than functions", [...head, 10, 4, 1, 2, 0, 0x0b]],
  ])("%s", (_, bytes) => {
    expect(codeOf(Uint8Array.from(bytes))).toBe("SKERRY_METER_INVALID");
  });

  it("every cut-off module, with a code", async () => {
    const bytes = await echoGuest();
    for (let length = 0; length < bytes.length; length += 97) {
      const code = codeOf(bytes.subarray(0, length));
      // Cut between two sections, it may still be a module.
      if (code !== undefined) expect(code).toMatch(/^SKERRY_METER_/);
    }
  });

  it("or rewrites into a valid module, whatever byte is changed", async () => {
    const bytes = await echoGuest();
    let seed = 7;
    const next = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >>> 8) % limit;
    };
    let refused = 0;
    let rewritten = 0;
    for (let round = 0; round < 600; round++) {
      const changed = bytes.slice();
      // The front of the file, where the structure is, gets half of the changes.
      const at = next(2) === 0 ? next(400) : next(changed.length);
      changed[at] = next(256);
      try {
        expect(WebAssembly.validate(meterModule(changed, limits))).toBe(true);
        rewritten++;
      } catch (error) {
        expect(errorCode(error)).toMatch(/^SKERRY_METER_/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
    expect(rewritten).toBeGreaterThan(50);
  });
});
