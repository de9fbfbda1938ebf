import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesEndingIn, root } from "./tree.ts";

const documents = await filesEndingIn(".md");

describe("documents", () => {
  it("link only to files that exist", async () => {
    let links = 0;
    const broken: string[] = [];
    for (const { path, text } of documents) {
      for (const [, target = ""] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        links += 1;
        await access(join(root, dirname(path), target)).catch(() => broken.push(`${path} → ${target}`));
      }
    }
    expect(broken).toEqual([]);
    expect(links).toBeGreaterThan(15);
  });

  it("name, for every invariant, a test that exists", async () => {
    const architecture = documents.find(({ path }) => path === "ARCHITECTURE.md")?.text ?? "";
    const invariants = [...architecture.matchAll(/^\d+\. .*(?:\n {3}.*)*/gm)].map(([text]) => text);
    expect(invariants.length).toBeGreaterThanOrEqual(12);
    const missing: string[] = [];
    for (const invariant of invariants) {
      const tests = [...invariant.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path);
      if (tests.length === 0) missing.push(`no test named: ${invariant.slice(0, 60)}`);
      for (const test of tests) await access(join(root, test)).catch(() => missing.push(test));
    }
    expect(missing).toEqual([]);
  });

  it("name, for every guarantee and every permission, a test that exists", async () => {
    const page = documents.find(({ path }) => path === "docs/reference/guarantees.md")?.text ?? "";
    const rows = [...page.matchAll(/^\| (?!#|who|-).*\|$/gm)].map(([text]) => text);
    expect(rows.length).toBeGreaterThan(20);
    const missing: string[] = [];
    for (const row of rows) {
      const tests = [...row.matchAll(/`([\w./-]+\.test\.ts)`(?:: "([^"]+)")?/g)];
      if (tests.length === 0) missing.push(`no test named: ${row.slice(0, 80)}`);
      for (const [, path = "", title = ""] of tests) {
        const text = await readFile(join(root, path), "utf8").catch(() => undefined);
        if (!text?.includes(title)) missing.push(`${path}: "${title}"`);
      }
    }
    expect(missing).toEqual([]);
  });

  it("use one word per thing", () => {
    const synonyms = /\b(microcontroller|digital twin|edge agent|edgecore|cloudcore|keadm)\b/i;
    const uses = documents.filter(({ path, text }) => synonyms.test(text) && path !== "docs/glossary.md");
    expect(uses.map(({ path }) => path)).toEqual([]);
  });
});
