import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "./refusal.mjs";

const templates = fileURLToPath(new URL("../templates", import.meta.url));
/** Keeps templates from being compiled, tested or formatted as what they are not yet. */
const suffix = ".template";

/**
 * @typedef {object} RenderedFile
 * @property {string} path within the package, with `/`
 * @property {string} text
 */

/**
 * Fills the files of a template: `{{key}}` in their texts and paths. A value stands as it is; in JSON files it is escaped.
 *
 * @param {string} template name of its folder
 * @param {Readonly<Record<string, string>>} values
 * @returns {readonly RenderedFile[]} by path
 */
export function render(template, values) {
  const files = filesBelow(join(templates, template), "").map(({ path, text }) => {
    const target = fill(path.slice(0, -suffix.length), values, path);
    const written = target.endsWith(".json") ? escaped(values) : values;
    return { path: target, text: fill(text, written, path) };
  });
  const twice = files.find(({ path }, index) => files.findIndex((file) => file.path === path) !== index);
  if (twice)
    throw new Refusal(`expected a name that is no other file's of the package, found that ${twice.path} is one`);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Refuses a class name that the template, or JavaScript, uses for something else.
 *
 * @param {string} template
 * @param {import("./names.mjs").Names} names
 */
export function checkClassName(template, { name, Name }) {
  const sources = filesBelow(join(templates, template), "").filter(({ path }) => path.endsWith(`.ts${suffix}`));
  const isUsed = sources.some(({ text }) => new RegExp(`\\b${Name}\\b`).test(onlyCode(text)));
  if (isUsed || Name in globalThis) {
    throw new Refusal(
      `the name "${name}" makes a class ${Name}, which is something else already; expected what it does and with what, for instance ${name}-example`,
    );
  }
}

function onlyCode(text) {
  return text.replace(/\{\{\w+\}\}|\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"/g, "_");
}

function filesBelow(folder, prefix) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) return filesBelow(join(folder, entry.name), `${path}/`);
      return entry.name.endsWith(suffix) ? [{ path, text: readFileSync(join(folder, entry.name), "utf8") }] : [];
    });
}

function fill(text, values, where) {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key) => {
    if (values[key] === undefined) throw new Error(`template ${where}: there is no value for {{${key}}}`);
    return values[key];
  });
}

function escaped(values) {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, JSON.stringify(text).slice(1, -1)]));
}
