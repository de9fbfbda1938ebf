import { abiVersion, type GuestExport, type GuestImport, guestImports, requiredExports, stateExports } from "./abi.ts";
import { errors } from "./errors.ts";

/** `mapper.json`: what a mapper says about itself, checked before its module is compiled. */
export interface MapperManifest {
  /** Name of its folder, and what a DeviceModel puts under `mapper`. */
  readonly id: string;
  readonly summary: string;
  readonly abi: typeof abiVersion;
  /** The functions it may import; a module that imports another one is refused. */
  readonly imports: readonly GuestImport[];
  /** The functions it exports. */
  readonly exports: readonly GuestExport[];
  /** What it needs; more than the node allows is refused. */
  readonly limits: { readonly memoryPages?: number; readonly fuelPerCall?: number };
}

const knownExports: readonly string[] = [...requiredExports, ...stateExports];

/** Parses and checks `mapper.json`. Throws `SKERRY_MAPPER_BAD_CONFIG`, naming the field. */
export function parseMapperManifest(text: string, id: string): MapperManifest {
  const bad = (field: string, problem: string) =>
    errors.create("SKERRY_MAPPER_BAD_CONFIG", { where: `mapper.json of ${id}, ${field}`, problem });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw errors.create("SKERRY_MAPPER_BAD_CONFIG", { where: `mapper.json of ${id}`, problem: "not JSON" }, cause);
  }
  if (!isRecord(json)) throw bad("the whole", "expected an object");
  if (json["id"] !== id) throw bad("id", `expected "${id}", found ${JSON.stringify(json["id"])}`);
  if (json["abi"] !== abiVersion) throw bad("abi", `expected ${abiVersion}, found ${JSON.stringify(json["abi"])}`);
  const names = <T extends string>(field: string, known: readonly string[]): readonly T[] => {
    const list = json[field];
    if (!Array.isArray(list)) throw bad(field, "expected a list of names");
    for (const name of list) {
      if (!known.includes(name)) throw bad(field, `${JSON.stringify(name)} is not in ABI v${abiVersion}`);
    }
    return list;
  };
  const limits = json["limits"] ?? {};
  if (!isRecord(limits)) throw bad("limits", "expected an object");
  for (const [name, value] of Object.entries(limits)) {
    if (name !== "memoryPages" && name !== "fuelPerCall") throw bad(`limits.${name}`, "there is no such limit");
    if (!Number.isSafeInteger(value) || Number(value) < 1) throw bad(`limits.${name}`, "expected a positive integer");
  }
  return {
    id,
    summary: typeof json["summary"] === "string" ? json["summary"] : "",
    abi: abiVersion,
    imports: names<GuestImport>("imports", Object.keys(guestImports)),
    exports: names<GuestExport>("exports", knownExports),
    limits,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
