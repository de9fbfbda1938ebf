import { readArguments, usage } from "./arguments.mjs";
import { namesOf } from "./names.mjs";
import { nextSteps } from "./next-steps.mjs";
import { Refusal } from "./refusal.mjs";
import { checkClassName, render } from "./render.mjs";
import { checkPackageName, findPlace } from "./workspace.mjs";
import { writePackage } from "./write-package.mjs";

const summaries = {
  plugin: "Counts the messages on this node's bus, by topic.",
  "plugin-storage": "Keeps the kernel's stores in memory.",
  mapper: "A line protocol over TCP: GET and SET",
};

/**
 * Makes a package and says what to do next.
 *
 * @param {readonly string[]} argv
 * @param {{ directory: string, out(text: string): void, err(text: string): void }} caller
 * @returns {0 | 1 | 2} exit code: 0 done, 1 failed, 2 refused; nothing is written unless it is done
 */
export function create(argv, { directory, out, err }) {
  try {
    const order = readArguments(argv);
    if (order === "help") {
      out(usage);
      return 0;
    }
    out(make(order, directory));
    return 0;
  } catch (error) {
    const problem = String(error.message).trimEnd().replace(/\.$/, "");
    err(`create: ${problem}.\n`);
    if (!(error instanceof Refusal)) return 1;
    err("See `npm run create -- --help`.\n");
    return 2;
  }
}

function make(order, directory) {
  const place = findPlace(order, directory);
  const { kind, template } = order;
  const names = namesOf(place.name);
  const packageName = `@skerry/${kind === "mapper" ? "mapper-" : ""}${names.name}`;
  checkPackageName(place.root, packageName);
  checkClassName(template, names);
  const summary = order.summary ?? summaries[template];
  const files = render(template, { ...names, package: packageName, summary });
  const { formatted } = writePackage(place, files);
  return nextSteps({ template, path: place.path, names, files, formatted });
}
