import { beforeAll, describe, expect, it } from "vitest";
import { fuelExport, meterModule } from "../../src/meter/meter-module.ts";
import { echoGuest } from "../built-guest.ts";
import { wat } from "../wat.ts";

beforeAll(echoGuest, 120_000);

const limits = { memoryPages: 16, initialFuel: 100_000_000 };

const programs: Record<string, string> = {
  fibonacci: `(module (func $f (export "go") (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 2))))))))`,
  "calls through a table": `(module (type $t (func (param i32) (result i32))) (table funcref (elem $a $b))
    (func $a (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
    (func $b (param i32) (result i32) (i32.add (local.get 0) (i32.const 7)))
    (func (export "go") (param i32) (result i32)
      (call_indirect (type $t) (local.get 0) (i32.and (local.get 0) (i32.const 1)))))`,
  "bulk memory": `(module (memory 2) (data $d "skerry")
    (func (export "go") (param i32) (result i32)
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 6))
      (memory.copy (i32.const 100) (i32.const 0) (i32.const 6))
      (memory.fill (i32.const 200) (local.get 0) (i32.const 50))
      (i32.add (i32.load8_u (i32.const 103)) (i32.load8_u (i32.const 249)))))`,
  "several values": `(module
    (func $two (param i32) (result i32 i32) (local.get 0) (i32.const 5))
    (func (export "go") (param i32) (result i32) (call $two (local.get 0)) (i32.mul)))`,
  "numbers of every kind": `(module (func (export "go") (param i32) (result i32)
    (i32.add (i32.trunc_sat_f64_s (f64.mul (f64.convert_i32_s (local.get 0)) (f64.const 1.5)))
      (i32.add (i32.extend8_s (local.get 0)) (i32.wrap_i64 (i64.extend32_s (i64.const -5)))))))`,
  "a jump table": `(module (func (export "go") (param i32) (result i32)
    (block $c (block $b (block $a (br_table $a $b $c (i32.rem_u (local.get 0) (i32.const 3)))) (return (i32.const 10)))
      (return (i32.const 20))) (i32.const 30)))`,
};

describe("a metered module computes what the original computes", () => {
  it.each(Object.entries(programs))("%s", (_, text) => {
    const original = wat(text);
    const plain = new WebAssembly.Instance(new WebAssembly.Module(original));
    const metered = new WebAssembly.Instance(new WebAssembly.Module(meterModule(original, limits)));
    const of = (instance: WebAssembly.Instance) => instance.exports["go"] as (n: number) => number;
    for (let n = 0; n < 16; n++) expect(of(metered)(n)).toBe(of(plain)(n));
  });

  it("and asks the host for the same things, compiled from AssemblyScript", async () => {
    const bytes = await echoGuest();
    const plain = conversation(bytes);
    expect(plain.length).toBeGreaterThan(40);
    expect(conversation(meterModule(bytes, limits))).toEqual(plain);
  });
});

/** Runs the echo guest through some events and writes down every import it calls. */
function conversation(bytes: Uint8Array): unknown[] {
  const calls: unknown[] = [];
  let event: Uint8Array = new Uint8Array();
  let memory: () => Uint8Array = () => new Uint8Array();
  const text = (at: number, length: number) => Buffer.from(memory().slice(at, at + length)).toString("hex");
  const imports: Record<string, unknown> = {
    event_length: () => event.length,
    event_read: (at: number, capacity: number) => {
      memory().set(event.subarray(0, capacity), at);
      return Math.min(event.length, capacity);
    },
    open: (at: number, length: number) => calls.push(["open", text(at, length)]),
    state: (at: number, length: number) => calls.push(["state", text(at, length)]),
    condition: (...args: number[]) => calls.push(["condition", args[0], args[1]]),
  };
  for (const name of ["write", "report", "reject", "trouble", "log"]) {
    imports[name] = (a: number, at: number, length: number) => calls.push([name, a, text(at, length)]);
  }
  for (const name of ["close", "timer", "settle"]) imports[name] = (...args: number[]) => calls.push([name, ...args]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    "skerry:mapper/v0": imports as Record<string, unknown>,
  });
  memory = () => new Uint8Array((instance.exports["memory"] as WebAssembly.Memory).buffer);
  const call = (name: string, ...input: number[]) => {
    event = Uint8Array.from(input);
    calls.push([name, (instance.exports[name] as () => number)()]);
  };
  event = new TextEncoder().encode("device=a/b\nproperties=1\nproperty.0.name=n\nproperty.0.every=250\n");
  calls.push(["start", (instance.exports["start"] as () => number)()]);
  call("on_open", 1, 0, 0, 0);
  for (let round = 0; round < 10; round++) call("on_bytes", 1, 0, 0, 0, ...Array<number>(round * 50).fill(round));
  call("on_timer", 7, 0, 0, 0);
  call("on_desired", 1, 0, 0, 0, 0, 0, 0, 0, 4, 0x67, 0x72, 0xc3, 0xbc, 0x6e);
  call("on_desired", 2, 0, 0, 0, 0, 0, 0, 0, 1, 1);
  call("on_close", 1, 0, 0, 0, 0x78);
  call("save");
  const fuel = instance.exports[fuelExport] as WebAssembly.Global | undefined;
  if (fuel) expect(fuel.value).toBeLessThan(limits.initialFuel);
  return calls;
}
