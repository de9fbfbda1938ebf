import { readdirSync, readFileSync } from "node:fs";
import {
  type GuestExport,
  type GuestImport,
  guestImports,
  type MapperManifest,
  requiredExports,
  stateExports,
} from "@skerry/mapper";
import { wat } from "./wat.ts";

const folder = new URL("guests/", import.meta.url);

export const hostileNames = readdirSync(folder).flatMap((file) => /^(.*)\.wat$/.exec(file)?.[1] ?? []);

export const hostileText = (name: string) => readFileSync(new URL(`${name}.wat`, folder), "utf8");

/**
 * A module of the corpus, with the mapper.json it would come with.
 *
 * @param options.onTimerAsStart exchanges the two exports: it misbehaves at once
 */
export function hostile(
  name: string,
  { onTimerAsStart = false } = {},
): { readonly wasm: Uint8Array; readonly manifest: MapperManifest } {
  let text = hostileText(name);
  if (onTimerAsStart) {
    text = text.replace('(export "start" (func $ok))', '(export "on_timer" (func $ok))');
    text = text.replace('(func (export "on_timer")', '(func (export "start")');
  }
  const all = Object.keys(guestImports) as GuestImport[];
  return {
    wasm: wat(text),
    manifest: {
      id: name,
      summary: "",
      abi: 0,
      imports: name === "import-unlisted" ? [] : all.filter((used) => text.includes(`v0" "${used}"`)),
      exports: ([...requiredExports, ...stateExports] as GuestExport[]).filter((used) =>
        text.includes(`(export "${used}"`),
      ),
      limits: {},
    },
  };
}
