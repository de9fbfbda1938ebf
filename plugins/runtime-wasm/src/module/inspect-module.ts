import { errorMessage } from "@skerry/plugin";
import { functionNames, wasiModule } from "../wasi/function-names.ts";
import type { InspectedModule, ModuleLimits } from "../worker-protocol.ts";
import { capSections, ModuleProblem } from "./cap-sections.ts";

const magic = [0x00, 0x61, 0x73, 0x6d];
const mostNamed = 5;

/** Looks at a module without running anything of it: may it be run, and with which bytes. */
export async function inspectModule(bytes: Uint8Array, { memoryLimitBytes }: ModuleLimits): Promise<InspectedModule> {
  const foreign = whatElse(bytes);
  if (foreign !== undefined) return { problem: foreign };
  try {
    const module = capSections(bytes, memoryLimitBytes);
    const problem = problemOf(await WebAssembly.compile(module));
    return problem === undefined ? { module } : { problem };
  } catch (error) {
    if (error instanceof ModuleProblem) return { problem: error.message };
    return { problem: `it is not valid WebAssembly: ${errorMessage(error)}` };
  }
}

function whatElse(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "it is empty, not a WebAssembly module";
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    return `it is not a WebAssembly module: it is ${kindOf(bytes)}`;
  }
  const version = (bytes[4] ?? 0) + 256 * (bytes[5] ?? 0);
  const layer = (bytes[6] ?? 0) + 256 * (bytes[7] ?? 0);
  if (layer === 1) return "it is a WebAssembly component; core modules for WASI preview 1 are supported";
  return version === 1 && layer === 0 ? undefined : `it is WebAssembly of version ${version}; 1 is supported`;
}

function kindOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 64));
  if (head.toString("latin1", 0, 4) === "\x7fELF") return "a program for Linux (ELF)";
  if (head.toString("latin1", 0, 2) === "#!") return `a script (${head.toString("latin1").split("\n")[0]})`;
  if (head.toString("latin1", 0, 2) === "\x1f\x8b") return "compressed (gzip)";
  return head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))
    ? "text"
    : "other data";
}

function problemOf(module: WebAssembly.Module): string | undefined {
  const unknown = WebAssembly.Module.imports(module).filter(
    ({ module: from, name, kind }) => from !== wasiModule || kind !== "function" || !functionNames.has(name),
  );
  if (unknown.length > 0) {
    const names = unknown.slice(0, mostNamed).map(({ module: from, name }) => `${from}.${name}`);
    const more = unknown.length > mostNamed ? ` and ${unknown.length - mostNamed} more` : "";
    const why = unknown.some(({ name }) => name.startsWith("sock_")) ? "; there are no sockets here" : "";
    return `it imports what there is not: ${names.join(", ")}${more}${why}`;
  }
  const exported = WebAssembly.Module.exports(module);
  if (!exported.some(({ name, kind }) => name === "_start" && kind === "function")) {
    const names = exported.slice(0, mostNamed).map(({ name }) => name);
    const reactor = exported.some(({ name }) => name === "_initialize") ? ": it is a reactor, not a command" : "";
    return `it exports no function _start${reactor}; it exports ${names.join(", ") || "nothing"}`;
  }
  const hasMemory = exported.some(({ name, kind }) => name === "memory" && kind === "memory");
  if (!hasMemory && WebAssembly.Module.imports(module).length > 0)
    return 'it exports no memory under the name "memory"';
  return undefined;
}
