/**
 * What is printed when a package was made.
 *
 * @param {object} made
 * @param {"plugin" | "mapper"} made.kind
 * @param {string} made.path from the root of the repository
 * @param {import("./names.mjs").Names} made.names
 * @param {readonly { path: string }[]} made.files
 * @param {boolean} made.formatted
 */
export function nextSteps({ kind, path, names, files, formatted }) {
  const steps = [
    ...(formatted ? [] : ["npm ci && npm run format", "# the formatter was not installed yet"]),
    `npx vitest run --project unit ${path}`,
    ...(kind === "plugin" ? [`# to run it, add "- id: ${names.name}" to kernel/profiles/edge.yaml`] : []),
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
