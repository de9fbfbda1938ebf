import { createHash } from "node:crypto";
import {
  abiExport,
  abiExportPattern,
  abiVersion,
  importModule,
  type MapperManifest,
  memoryExport,
  requiredExports,
  stateExports,
} from "@skerry/mapper";
import { errors } from "../errors.ts";
import { meterModule } from "../meter/meter-module.ts";
import type { GuestLimits } from "./limits.ts";

/** A mapper's module, metered, checked and compiled; all guests of the mapper share it. */
export interface CompiledMapper {
  readonly manifest: MapperManifest;
  /** sha256 of the module as it was delivered. */
  readonly digest: string;
  readonly module: WebAssembly.Module;
  readonly limits: GuestLimits;
}

/**
 * Meters, compiles and checks a module against the ABI and its `mapper.json`. No code of it runs.
 * Throws `SKERRY_METER_…` and `SKERRY_RUNNER_…` errors.
 *
 * @param allowed what the node allows; `mapper.json` may ask for less, not for more
 */
export async function compileMapper(
  manifest: MapperManifest,
  wasm: Uint8Array,
  allowed: GuestLimits,
): Promise<CompiledMapper> {
  const limits = {
    memoryPages: within(manifest, "memoryPages", allowed),
    fuelPerCall: within(manifest, "fuelPerCall", allowed),
    effectsPerCall: allowed.effectsPerCall,
  };
  const metered = meterModule(wasm, { memoryPages: limits.memoryPages, initialFuel: limits.fuelPerCall });
  const module = await compile(metered);
  checkExports(manifest, WebAssembly.Module.exports(module));
  checkImports(manifest, WebAssembly.Module.imports(module));
  return { manifest, digest: createHash("sha256").update(wasm).digest("hex"), module, limits };
}

function within(manifest: MapperManifest, limit: "memoryPages" | "fuelPerCall", allowed: GuestLimits): number {
  const found = manifest.limits[limit] ?? allowed[limit];
  if (found <= allowed[limit]) return found;
  throw errors.create("SKERRY_RUNNER_LIMIT", { mapper: manifest.id, limit, found, allowed: allowed[limit] });
}

async function compile(bytes: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw errors.create("SKERRY_METER_INVALID", { problem: "V8 cannot compile it" }, cause);
  }
}

function checkExports(manifest: MapperManifest, found: readonly WebAssembly.ModuleExportDescriptor[]): void {
  const mapper = manifest.id;
  const versions = found.flatMap(({ name }) => abiExportPattern.exec(name)?.[1] ?? []);
  if (versions.length !== 1 || versions[0] !== String(abiVersion)) {
    throw errors.create("SKERRY_RUNNER_WRONG_ABI", {
      mapper,
      found: versions.length === 0 ? "no version" : versions.map((version) => `v${version}`).join(" and "),
      expected: `v${abiVersion}`,
    });
  }
  const bad = (name: string, problem: string) => errors.create("SKERRY_RUNNER_BAD_EXPORT", { mapper, name, problem });
  const kinds = new Map(found.map(({ name, kind }) => [name, kind]));
  const must = (name: string, kind: "function" | "memory") => {
    if (kinds.get(name) !== kind) throw bad(name, kinds.has(name) ? `is no ${kind}` : "is missing");
  };
  must(abiExport, "function");
  must(memoryExport, "memory");
  for (const name of requiredExports) must(name, "function");
  if (stateExports.some((name) => kinds.has(name))) for (const name of stateExports) must(name, "function");
  for (const name of [...requiredExports, ...stateExports]) {
    if (manifest.exports.includes(name) !== kinds.has(name)) {
      throw bad(
        name,
        kinds.has(name) ? "is not listed in its mapper.json" : "is listed in its mapper.json, but missing",
      );
    }
  }
  // Extism would run these as whole programs when it instantiates the module.
  for (const name of ["_start", "hs_init"]) {
    if (kinds.has(name)) throw bad(name, "belongs to a program, not to a mapper");
  }
}

function checkImports(manifest: MapperManifest, found: readonly WebAssembly.ModuleImportDescriptor[]): void {
  const listed: readonly string[] = manifest.imports;
  for (const { module, name, kind } of found) {
    const isFromHost = module === importModule && kind === "function";
    if (isFromHost && listed.includes(name)) continue;
    throw errors.create("SKERRY_RUNNER_BAD_IMPORT", {
      mapper: manifest.id,
      found: `${module} ${name}`,
      expected: isFromHost ? "its mapper.json does not list it" : `only functions of ${importModule} exist`,
    });
  }
}
