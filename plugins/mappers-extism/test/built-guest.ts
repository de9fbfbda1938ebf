import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildGuest } from "@skerry/mapper/build-guest";

const root = new URL("../../../", import.meta.url);

/** Compiles a guest of this repository, unless that was done since its sources changed. */
export async function builtGuest(entry: string, name: string): Promise<Uint8Array> {
  const outFile = fileURLToPath(new URL(`../build/${name}.wasm`, import.meta.url));
  await buildGuest({ entry: fileURLToPath(new URL(entry, root)), outFile });
  return new Uint8Array(await readFile(outFile));
}

export const echoGuest = () => builtGuest("sdk/mapper/test/echo/guest/index.ts", "echo");
