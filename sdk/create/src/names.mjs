import { Refusal } from "./refusal.mjs";

/** The host looks for a mapper, and labels of Kubernetes take a name, of at most this many characters. */
const longest = 63;
const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Files that say nothing about what they hold are refused by test/architecture. */
const sayNothing = /^(utils?|helpers?|common|misc|legacy)$/;
/** Files that every package has, and words of its code. */
const taken = new Set(["errors", "index", "plugin", "kernel"]);

/**
 * The forms of a package's name that templates use.
 *
 * @typedef {object} Names
 * @property {string} name `sink-file`
 * @property {string} Name `SinkFile`
 * @property {string} camel `sinkFile`
 * @property {string} NAME `SINK_FILE`
 * @property {string} words `sink file`
 */

/**
 * @param {string} name
 * @returns {Names}
 */
export function namesOf(name) {
  const problem = problemOf(name);
  if (problem !== undefined) {
    throw new Refusal(
      `the name ${JSON.stringify(name.slice(0, 80))} ${problem}; expected kebab-case of at most ${longest} characters, what it does and with what, for instance sink-file`,
    );
  }
  const words = name.split("-");
  const Name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const camel = Name.charAt(0).toLowerCase() + Name.slice(1);
  return { name, Name, camel, NAME: words.join("_").toUpperCase(), words: words.join(" ") };
}

function problemOf(name) {
  if (name.length > longest) return `has ${name.length} characters`;
  if (!kebabCase.test(name)) return "is not kebab-case";
  if (sayNothing.test(name)) return "does not say what is in it";
  if (taken.has(name)) return "is taken by a part of every package";
  return undefined;
}
