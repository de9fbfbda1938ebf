// Compiles the example workload and writes its manifest: the module in a ConfigMap whose name has a hash of it, and the
// Deployment that names this ConfigMap.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { compileAssemblyScript } from "../../sdk/mapper/assemblyscript.mjs";

const name = "hello-wasm";

export async function buildHelloWasm({ root, dist }) {
  const folder = join(root, "docs/examples", name);
  const program = join(folder, "program");
  const target = join(dist, "generated/hello.wasm");
  await compileAssemblyScript({
    source: join(program, "hello.ts"),
    target,
    sources: [program, join(root, "kernel/build/hello-wasm.mjs")],
    baseDir: root,
    flags: [
      ...["--runtime", "incremental"],
      ...["--use", "abort=docs/examples/hello-wasm/program/wasi/abort"],
      "-O3",
    ],
  });
  writeFileSync(join(folder, `${name}.yaml`), manifest(readFileSync(target), join(program, "deployment.yaml")));
}

function manifest(module, deploymentFile) {
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}-${createHash("sha256").update(module).digest("hex").slice(0, 10)}` },
    immutable: true,
    binaryData: { "hello.wasm": module.toString("base64") },
  };
  const deployment = parse(readFileSync(deploymentFile, "utf8"));
  for (const volume of deployment.spec.template.spec.volumes) {
    if (volume.configMap?.name === name) volume.configMap.name = configMap.metadata.name;
  }
  const note = "# Written by the build from program/.\n";
  return `${note}${stringify(configMap)}---\n${stringify(deployment)}`;
}
