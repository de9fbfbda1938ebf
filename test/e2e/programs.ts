import binaryen from "binaryen";

/** Assembles WebAssembly text, as base64. */
export function assemble(text: string): string {
  const module = binaryen.parseText(text);
  try {
    return Buffer.from(module.emitBinary()).toString("base64");
  } finally {
    module.dispose();
  }
}

const command = (body: string) => assemble(`(module (memory (export "memory") 1) (func (export "_start") ${body}))`);

/** Programs of a container, good and bad, as a ConfigMap's `binaryData` has them. */
export const programs = {
  text: Buffer.from("#!/bin/sh\necho hello\n").toString("base64"),
  noStart: assemble(`(module (memory (export "memory") 1) (func (export "run")))`),
  sockets: assemble(`(module
    (import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start") (drop (call $accept (i32.const 3) (i32.const 0) (i32.const 0)))))`),
  loops: command("(loop $again (br $again))"),
  // Out of memory, a program cannot but give up.
  allocates: command("(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (unreachable)"),
  traps: command("(unreachable)"),
  ends: command("(nop)"),
} as const;
