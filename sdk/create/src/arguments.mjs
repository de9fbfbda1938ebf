import { parseArgs } from "node:util";
import { Refusal } from "./refusal.mjs";

export const usage = `Makes a new package that builds and passes its tests.

  npm run create -- plugin plugins/NAME [--summary TEXT]
      a plugin: counts the messages on the node's bus, for you to change
  npm run create -- plugin plugins/NAME --provides storage [--summary TEXT]
      a plugin that answers the contract storage.key-value/1 and passes its suite
  npm run create -- mapper mappers/NAME [--summary TEXT]
      a mapper: a guest in AssemblyScript for a line protocol over TCP, with a device model

  --name NAME      instead of the folder: plugins/NAME or mappers/NAME of this repository
  --summary TEXT   one sentence for \`skerry inspect\` and the reference
  --help           this text
`;

const kinds = ["plugin", "mapper"];
/** Contracts that \`--provides\` has a scaffold for. */
const contracts = ["storage"];

/**
 * @typedef {object} Order
 * @property {"plugin" | "mapper"} kind
 * @property {"plugin" | "mapper" | "plugin-storage"} template
 * @property {string | undefined} folder as it was written
 * @property {string | undefined} name
 * @property {string | undefined} summary
 */

/**
 * @param {readonly string[]} argv
 * @returns {Order | "help"}
 */
export function readArguments(argv) {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [kind, folder, ...rest] = positionals;
  if (kind === undefined) throw new Refusal(`expected what to make, plugin or mapper, found nothing`);
  if (!kinds.includes(kind)) throw new Refusal(`expected plugin or mapper, found ${JSON.stringify(kind)}`);
  if (rest.length > 0) throw new Refusal(`expected one folder, found ${positionals.slice(1).join(" and ")}`);
  if (folder === undefined && values.name === undefined) {
    throw new Refusal(`expected a folder, for instance ${kind}s/my-${kind}, found none`);
  }
  const { provides, summary } = values;
  if (provides !== undefined && (kind !== "plugin" || !contracts.includes(provides))) {
    throw new Refusal(`--provides: expected, for a plugin, ${contracts.join(" or ")}; found ${provides} for a ${kind}`);
  }
  if (summary !== undefined && (summary.trim() === "" || summary.length > 200 || /\p{Cc}/u.test(summary))) {
    throw new Refusal(`--summary: expected one line of 1 to 200 characters, found ${summary.length}`);
  }
  return {
    kind: /** @type {"plugin" | "mapper"} */ (kind),
    template: provides === undefined ? kind : `plugin-${provides}`,
    folder,
    name: values.name,
    summary,
  };
}

function parse(argv) {
  const option = { type: "string" };
  const options = { help: { type: "boolean", short: "h" }, name: option, summary: option, provides: option };
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node's sentence names the option; the rest of its advice is about `--`.
    throw new Refusal(String(error.message).split(". ")[0]);
  }
}
