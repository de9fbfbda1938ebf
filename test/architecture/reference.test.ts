import { join } from "node:path";
import type { ErrorDefinition, Manifest, SettingSchema } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { filesEndingIn, root, sourceFiles } from "./tree.ts";

const generated = "Generated from the sources: `npm run docs` writes it, and a test holds it equal.\n";
const page = (name: string) => join(root, "docs/reference", name);
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

interface Coded extends ErrorDefinition {
  readonly code: string;
  readonly source: string;
}

async function errorTables(): Promise<readonly Coded[]> {
  const files = (await sourceFiles()).filter(
    ({ path, text }) => path.includes("/src/") && text.includes("defineErrors({"),
  );
  const tables = await Promise.all(
    files.map(async ({ path }) => {
      const module = (await import(join(root, path))) as Record<
        string,
        { definitions?: Record<string, ErrorDefinition> }
      >;
      const definitions = Object.values(module).flatMap((value) => Object.entries(value?.definitions ?? {}));
      return definitions.map(([code, definition]) => ({ code, source: path.split("/src/")[0] ?? path, ...definition }));
    }),
  );
  return tables.flat().sort((a, b) => (a.code < b.code ? -1 : 1));
}

describe("error reference", () => {
  it("lists every code with its message and what to do", async () => {
    const coded = await errorTables();
    expect(coded.length).toBeGreaterThan(60);
    const rows = coded.map(
      ({ code, family, message, advice, source }) =>
        `| \`${code}\` | ${family} | ${cell(message)} | ${cell(advice)} | ${source} |`,
    );
    const text = [
      "# Errors",
      "",
      generated,
      "| code | family | message | what to do | package |",
      "|---|---|---|---|---|",
      ...rows,
      "",
    ];
    await expect(text.join("\n")).toMatchFileSnapshot(page("errors.md"));
  });

  it("has no code that is never raised", async () => {
    const coded = await errorTables();
    const sources = (await sourceFiles()).filter(({ path }) => path.includes("/src/"));
    const unused = coded.filter(({ code }) => sources.filter(({ text }) => text.includes(`"${code}"`)).length === 0);
    expect(unused.map(({ code }) => code)).toEqual([]);
  });
});

describe("settings reference", () => {
  it("lists every setting of every plugin", async () => {
    const manifests = (await filesEndingIn("plugin.json"))
      .filter(({ path }) => path.includes("/src/"))
      .map(({ text }) => JSON.parse(text) as Manifest)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(manifests.length).toBeGreaterThanOrEqual(14);
    const sections = manifests.map(({ id, summary, settings, capabilities = [] }) => {
      const rows = Object.entries(settings?.properties ?? {}).flatMap(([name, schema]) => settingRows(name, schema));
      const grants = capabilities.length > 0 ? `Capabilities: ${capabilities.join(", ")}.\n` : "No capabilities.\n";
      const table = ["| setting | type | default | |", "|---|---|---|---|", ...rows, ""].join("\n");
      return `## ${id}\n\n${summary}\n\n${grants}\n${rows.length > 0 ? table : "No settings.\n"}`;
    });
    const intro = [
      "# Settings",
      "",
      generated,
      "A plugin's settings come from the profile, under `settings.yaml` in the node's folder, under the environment",
      "(`SKERRY_<PLUGIN>__<PATH>`, for instance `SKERRY_MQTT_AEDES__LISTEN__PORT=1884`), under `--set PLUGIN.PATH=VALUE`. `settings.yaml`:",
      "",
      "```yaml",
      "node: edge-1",
      "plugins:",
      "  mqtt-aedes:",
      "    listen: {port: 1884}",
      "```",
      "",
      "",
    ];
    await expect(intro.join("\n") + sections.join("\n")).toMatchFileSnapshot(page("settings.md"));
  });
});

function settingRows(path: string, schema: SettingSchema): readonly string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, member]) => settingRows(`${path}.${name}`, member));
  }
  const limits = [
    schema.enum && `one of ${schema.enum.join(", ")}`,
    schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.maximum !== undefined && `to ${schema.maximum}`,
  ].filter(Boolean);
  const fallback =
    schema.default !== undefined ? `\`${JSON.stringify(schema.default)}\`` : schema.required ? "required" : "";
  const type = [schema.type, ...limits].join(" ");
  return [`| \`${path}\` | ${cell(type)} | ${cell(fallback)} | ${cell(schema.description)} |`];
}
