import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./clone.ts";

export interface Block {
  /** `sh`, `yaml`, `diff`, … */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a guide, in order. */
export async function blocksOf(guide: string): Promise<readonly Block[]> {
  const text = await readFile(join(repository, "docs/guides", guide), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", block = ""]) => ({
    language,
    text: block,
  }));
}

/** The commands of a block, without comments. */
export function commandsOf({ text }: Block): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}
