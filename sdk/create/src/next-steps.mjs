/**
 * What is printed when a package was made.
 *
 * @param {object} made
 * @param {"plugin" | "mapper" | "plugin-storage"} made.template
 * @param {string} made.path from the root of the repository
 * @param {import("./names.mjs").Names} made.names
 * @param {readonly { path: string }[]} made.files
 * @param {boolean} made.formatted
 */
export function nextSteps({ template, path, names, files, formatted }) {
  const steps = [
    ...(formatted ? [] : ["npm ci && npm run format", "# the formatter was not installed yet"]),
    `npx vitest run --project unit ${path}`,
    ...profileSteps(template, names.name),
    "npm start",
    "# before you commit:",
    "npm install --package-lock-only && npm run docs && npm run check",
  ];
  return [
    `made ${path}:`,
    ...files.map((file) => `  ${file.path}`),
    "",
    "next, from the root of the repository:",
    ...steps.map((step) => `  ${step}`),
    "",
    `${path}/README.md says more.`,
    "",
  ].join("\n");
}

/** The build finds mappers by their folder; plugins are named in a profile. */
function profileSteps(template, name) {
  if (template === "mapper") return [];
  const how = template === "plugin" ? "add it to" : "put it in the place of storage-sqlite in";
  return [`# to run it, ${how} kernel/profiles/edge.yaml as "- id: ${name}"`];
}
