import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program, ProgramIntent } from "@skerry/testing";
import binaryen from "binaryen";

/** Assembles WebAssembly text. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.MVP | binaryen.Features.BulkMemory | binaryen.Features.SignExt);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

const imports: Record<string, string> = {
  proc_exit: "(param i32)",
  args_sizes_get: "(param i32 i32) (result i32)",
  args_get: "(param i32 i32) (result i32)",
  environ_sizes_get: "(param i32 i32) (result i32)",
  environ_get: "(param i32 i32) (result i32)",
  fd_write: "(param i32 i32 i32 i32) (result i32)",
  fd_read: "(param i32 i32 i32 i32) (result i32)",
  path_open: "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
  poll_oneoff: "(param i32 i32 i32 i32) (result i32)",
};

/** A command with these functions of WASI and one page of memory; `$i` and `$n` are there to count with. */
export function command(uses: readonly string[], body: string, data = ""): Uint8Array {
  const wasi = uses.map((name) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${imports[name]}))`);
  return assemble(`(module ${wasi.join("\n")} (memory (export "memory") 1) ${data}
    (func (export "_start") (local $i i32) (local $n i32) (local $end i32) ${body}))`);
}

const exit = (code: number) => `(call $proc_exit (i32.const ${code}))`;

/** Writes the texts of a table of arguments or variables, from `$i` on, each as a line. */
const printFrom = (stream: number) => `
  (local.set $n (local.get $i))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $n) (local.get $end)))
    (if (i32.eqz (i32.load8_u (local.get $n))) (then (i32.store8 (local.get $n) (i32.const 10))))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br $next)))
  (i32.store (i32.const 2048) (local.get $i))
  (i32.store (i32.const 2052) (i32.sub (local.get $end) (local.get $i)))
  (drop (call $fd_write (i32.const ${stream}) (i32.const 2048) (i32.const 1) (i32.const 2056)))`;

/** Arguments without the first on stdout, the environment on stderr. */
const prints = command(
  ["args_sizes_get", "args_get", "environ_sizes_get", "environ_get", "fd_write"],
  `(drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
   (local.set $end (i32.add (i32.const 4096) (i32.load (i32.const 4))))
   (local.set $n (i32.load (i32.const 0)))
   (drop (call $args_get (i32.const 16) (i32.const 4096)))
   (if (i32.gt_u (local.get $n) (i32.const 1)) (then (local.set $i (i32.load (i32.const 20))) ${printFrom(1)}))
   (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
   (local.set $i (i32.const 32768))
   (local.set $end (i32.add (i32.const 32768) (i32.load (i32.const 4))))
   (drop (call $environ_get (i32.const 16) (i32.const 32768)))
   ${printFrom(2)}`,
);

/** A day, again and again. */
const sleeps = command(
  ["poll_oneoff"],
  `(i32.store (i32.const 16) (i32.const 1))
   (i64.store (i32.const 24) (i64.const 86400000000000))
   (loop $again (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))) (br $again))`,
);

/** Opens a path below the first preopened folder that has it, as `$i`; exits with 1 when there is none. */
const open = (flags: number, rights: number, length: number) => `
  (local.set $i (i32.const 3))
  (block $opened (loop $next
    (br_if $opened (i32.eqz (call $path_open (local.get $i) (i32.const 1) (i32.const 1024) (i32.const ${length})
      (i32.const ${flags}) (i64.const ${rights}) (i64.const 0) (i32.const 0) (i32.const 0))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $i) (i32.const 10)))
    ${exit(1)}))
  (local.set $i (i32.load (i32.const 0)))`;

const bytesOf = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
const data = (at: number, text: string) => `(data (i32.const ${at}) "${bytesOf(text)}")`;
const below = (path: string) => path.replace(/^\/data\//, "");

function reads(path: string): Uint8Array {
  return command(
    ["path_open", "fd_read", "fd_write", "proc_exit"],
    `${open(0, 2, Buffer.byteLength(below(path)))}
     (i32.store (i32.const 2048) (i32.const 4096))
     (loop $more
       (i32.store (i32.const 2052) (i32.const 4096))
       (if (call $fd_read (local.get $i) (i32.const 2048) (i32.const 1) (i32.const 2052)) (then ${exit(1)}))
       (if (i32.load (i32.const 2052)) (then
         (drop (call $fd_write (i32.const 1) (i32.const 2048) (i32.const 1) (i32.const 2056)))
         (br $more))))`,
    data(1024, below(path)),
  );
}

function writes(path: string, text: string): Uint8Array {
  return command(
    ["path_open", "fd_write", "proc_exit"],
    `${open(9, 64, Buffer.byteLength(below(path)))}
     (i32.store (i32.const 2048) (i32.const 4096))
     (i32.store (i32.const 2052) (i32.const ${Buffer.byteLength(text)}))
     (if (call $fd_write (local.get $i) (i32.const 2048) (i32.const 1) (i32.const 2056)) (then ${exit(1)}))`,
    `${data(1024, below(path))} ${data(4096, text)}`,
  );
}

const eatsMemory = command(
  [],
  "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (unreachable)",
);

function moduleFor(intent: Exclude<ProgramIntent, { does: "not exist" }>): Uint8Array {
  switch (intent.does) {
    case "exits":
      return command(["proc_exit"], exit(intent.code));
    case "sleeps":
      return sleeps;
    case "loops":
      return command([], "(loop $again (br $again))");
    case "eats memory":
      return eatsMemory;
    case "prints":
      return prints;
    case "reads":
      return reads(intent.path);
    case "writes":
      return writes(intent.path, intent.text);
  }
}

/** A folder of modules, mounted at `/app`. */
export class ProgramFolder {
  readonly path: string;
  #count = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<ProgramFolder> {
    return new ProgramFolder(await mkdtemp(join(tmpdir(), "skerry-programs-")));
  }

  async program(intent: ProgramIntent): Promise<Program> {
    if (intent.does === "not exist") return this.#run("never.wasm");
    return { ...(await this.module(moduleFor(intent))), args: intent.does === "prints" ? intent.lines : [] };
  }

  /** How a container runs this module. */
  async module(bytes: Uint8Array): Promise<Program> {
    this.#count += 1;
    const name = `${this.#count}.wasm`;
    await writeFile(join(this.path, name), bytes);
    return this.#run(name);
  }

  #run(name: string): Program {
    const mounts = [{ containerPath: "/app", hostPath: this.path, readOnly: true }];
    return { image: "scratch", command: [`/app/${name}`], args: [], mounts };
  }
}
