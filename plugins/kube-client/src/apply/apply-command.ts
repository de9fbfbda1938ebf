import type { Command, CommandCall, KubeObject, Resource } from "@skerry/contracts";
import { errorFamily, errorMessage, inject } from "@skerry/plugin";
import { readArguments, wrongUsage } from "../command-arguments.ts";
import { inApplyOrder, isDefinition, type ManifestObject, manifestObject } from "./apply-order.ts";
import { readManifests } from "./manifest-files.ts";
import { type ObjectApplier, ObjectApplierToken } from "./object-applier.ts";

const options = {
  filename: { type: "string", short: "f", multiple: true },
  namespace: { type: "string", short: "n" },
} as const;

/** `skerry apply`: every document is tried, and every problem is told with its place. */
export class ApplyCommand implements Command {
  readonly name = "apply";
  readonly summary = "Create or change Kubernetes objects as files say";
  readonly usage = "skerry apply -f FILE|FOLDER [-f …] [-n NAMESPACE]";
  readonly #applier: ObjectApplier;

  constructor(@inject(ObjectApplierToken) applier: ObjectApplier) {
    this.#applier = applier;
  }

  async run(call: CommandCall): Promise<number> {
    let files: readonly string[];
    let namespace: string | undefined;
    try {
      ({ files, namespace } = this.#read(call.arguments));
    } catch (error) {
      if (errorFamily(error) !== "misuse") throw error;
      call.err(`${errorMessage(error)}\nusage: ${this.usage}\n`);
      return 2;
    }
    const problems: string[] = [];
    const objects: ManifestObject[] = [];
    for (const document of await readManifests(files, call.directory)) {
      const found = manifestObject(document);
      if (typeof found === "string") problems.push(`${document.place}: ${found}`);
      else objects.push(found);
    }
    problems.push(...(await this.#applyAll(objects, namespace, call)));
    for (const problem of problems) call.err(`error: ${problem}\n`);
    if (objects.length === 0 && problems.length === 0) call.err("error: the files have no documents\n");
    return problems.length === 0 && objects.length > 0 ? 0 : 1;
  }

  async #applyAll(objects: readonly ManifestObject[], namespace: string | undefined, call: CommandCall) {
    const problems: string[] = [];
    const defined = new Set(
      objects.filter(({ object }) => isDefinition(object)).map(({ object }) => definedBy(object)),
    );
    for (const { place, object } of inApplyOrder(objects)) {
      call.signal.throwIfAborted();
      try {
        const own = object.metadata.namespace;
        if (own !== undefined && namespace !== undefined && own !== namespace) {
          throw new Error(`its namespace ${own} is not ${namespace}, which -n asks for`);
        }
        const target = own ?? namespace ?? "default";
        const { resource, outcome } = await this.#applier.apply(object, target, defined, call.signal);
        call.out(`${shown(resource, object)} ${outcome}\n`);
      } catch (error) {
        problems.push(`${place} (${object.kind} ${object.metadata.name}): ${errorMessage(error)}`);
      }
    }
    return problems;
  }

  #read(args: readonly string[]) {
    const { values, positionals } = readArguments(args, options, this.usage);
    const [word] = positionals;
    if (word !== undefined) throw wrongUsage(`unexpected ${JSON.stringify(word)}; files are named by -f`, this.usage);
    if (values.filename === undefined) throw wrongUsage("at least one file or folder is needed", this.usage);
    return { files: values.filename, namespace: values.namespace };
  }
}

/** `device.devices.skerry.dev/meter-1`, as kubectl says it. */
function shown({ kind, group }: Resource, { metadata }: KubeObject): string {
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${metadata.name}`;
}

function definedBy(definition: KubeObject): string {
  const { group, names } = (definition.spec ?? {}) as {
    readonly group?: string;
    readonly names?: { readonly kind?: string };
  };
  return `${group ?? ""}/${names?.kind ?? ""}`;
}
