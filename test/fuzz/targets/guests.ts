import type { JsonValue } from "@skerry/contracts";
import { decodeConfig, decodeEvent, decodeValue, parseMapperManifest } from "@skerry/mapper";
import { parseBody } from "../../../kernel/src/link/wire/json-body.ts";
import { meterModule } from "../../../plugins/mappers-extism/src/meter/meter-module.ts";
import { parseImageConfig } from "../../../plugins/runtime-wasm/src/images/image-config.ts";
import { parseManifest } from "../../../plugins/runtime-wasm/src/images/image-manifest.ts";
import { parseImageReference } from "../../../plugins/runtime-wasm/src/images/image-reference.ts";
import { parseChallenge } from "../../../plugins/runtime-wasm/src/images/registry/challenge.ts";
import { readTar } from "../../../plugins/runtime-wasm/src/images/tar-reader.ts";
import { inspectModule } from "../../../plugins/runtime-wasm/src/module/inspect-module.ts";
import type { Decoders } from "./decoders.ts";

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** What the meter makes of a valid module is valid; it says no to everything else. */
function metered(bytes: Uint8Array): boolean {
  const isValid = WebAssembly.validate(Uint8Array.from(bytes));
  const result = meterModule(bytes, { memoryPages: 16, initialFuel: 1_000 });
  if (isValid && !WebAssembly.validate(Uint8Array.from(result))) throw new Error("a valid module was made invalid");
  return true;
}

async function tar(bytes: Uint8Array): Promise<boolean> {
  async function* source() {
    yield Buffer.from(bytes);
  }
  let entries = 0;
  try {
    for await (const entry of readTar(source())) {
      for await (const _ of entry.content) entries += 1;
    }
  } catch (error) {
    // Whoever reads a layer says which layer it was; a TypeError was not meant.
    if (error instanceof Error && error.constructor === Error) return false;
    throw error;
  }
  return entries > 0;
}

const json = (parse: (value: JsonValue) => unknown) => (bytes: Uint8Array) => {
  const value = parseBody(bytes, 4 * 1024 * 1024);
  return value !== undefined && typeof parse(value as JsonValue) !== "string";
};

export const guestTargets: Decoders = {
  "mapper-module": metered,
  "mapper-value": (bytes) => decodeValue(bytes) !== undefined,
  "mapper-config": (bytes) => decodeConfig(textOf(bytes)) !== undefined,
  "mapper-event": (bytes) => decodeEvent("on_desired", bytes) !== undefined,
  "mapper-manifest": (bytes) => parseMapperManifest(textOf(bytes), "modbus") !== undefined,
  "wasi-module": async (bytes) => "module" in (await inspectModule(bytes, { memoryLimitBytes: 1_000_000 })),
  "image-layer": tar,
  "image-manifest": json(parseManifest),
  "image-config": json(parseImageConfig),
  "image-reference": (bytes) => typeof parseImageReference(textOf(bytes)) !== "string",
  "registry-challenge": (bytes) => parseChallenge(textOf(bytes)) !== undefined,
};
