/** Who may import whom (ARCHITECTURE.md). test/architecture runs these and counts what they saw. */
const no = (name, from, to) => ({ name, severity: "error", from, to });
const source = "^(kernel|sdk|plugins|mappers)/";
const tests = "/test/";

module.exports = {
  forbidden: [
    no("no-cycles", { path: source }, { circular: true }),
    no(
      "contracts-see-only-the-plugin-sdk",
      { path: "^sdk/contracts/src" },
      { path: source, pathNot: "^sdk/(contracts|plugin)/src" },
    ),
    no("plugin-sdk-sees-nothing", { path: "^sdk/plugin/src" }, { path: source, pathNot: "^sdk/plugin/src" }),
    no("kernel-knows-no-plugin", { path: "^kernel/src" }, { path: "^(plugins|mappers)/" }),
    no(
      "kernel-host-knows-only-the-sdk",
      { path: "^kernel/src/host" },
      { path: "^kernel/src/", pathNot: "^kernel/src/host" },
    ),
    no("link-and-autonomy-know-no-host", { path: "^kernel/src/(link|autonomy)" }, { path: "^kernel/src/(host|cli)" }),
    no(
      "plugins-know-only-the-sdk",
      { path: "^plugins/[^/]+/src" },
      { path: "^(kernel|mappers|test)/|^sdk/(testing|create)/" },
    ),
    no("plugins-never-meet", { path: "^plugins/([^/]+)/src" }, { path: "^plugins/", pathNot: "^plugins/$1/" }),
    no(
      "plugin-halves-never-meet",
      { path: "^plugins/([^/]+)/src/(cloud|edge|sessions|tokens|token-requests)/" },
      { path: "^plugins/$1/src/(cloud|edge|sessions|tokens|token-requests)/", pathNot: "^plugins/$1/src/$2/" },
    ),
    no(
      "plugin-tests-meet-only-the-reference-plugins",
      { path: "^plugins/([^/]+)/test" },
      { path: "^plugins/", pathNot: "^plugins/($1|storage-memory|transport-loopback|kube-embedded|io-net)/" },
    ),
    no("mappers-know-only-the-mapper-kit", { path: "^mappers/[^/]+/(src|simulator)" }, { path: "^(kernel|plugins)/" }),
    no("only-tests-use-testing", { path: source, pathNot: `${tests}|^sdk/testing` }, { path: "^sdk/testing/" }),
    no(
      "one-door-to-the-container",
      { path: source, pathNot: "^(kernel/src/host/plugin-container|sdk/plugin/src/token)\\.ts$|/test/" },
      { path: "node_modules/tsyringe/" },
    ),
    no("nothing-unresolved", { path: source }, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^dist/", "^kernel/build/", "^(kernel|sdk|plugins|mappers)/.+/guest/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
