import type { Command, CommandCall, KubeObject } from "@skerry/contracts";
import { errorFamily, errorMessage, inject } from "@skerry/plugin";
import { stringify } from "yaml";
import { readArguments, wrongUsage } from "../command-arguments.ts";
import { type DiscoveredResource, type Discovery, DiscoveryToken } from "../discovery/discovery.ts";
import { errors } from "../errors.ts";
import { type KubeHttp, KubeHttpToken } from "../http/kube-http.ts";
import { collectionPath, objectPath, subjectOf } from "../http/resource-path.ts";
import { listAll } from "../watch/list-pages.ts";
import { type Table, textTable } from "./text-table.ts";

const options = {
  namespace: { type: "string", short: "n", default: "default" },
  "all-namespaces": { type: "boolean", short: "A", default: false },
  selector: { type: "string", short: "l" },
  output: { type: "string", short: "o", default: "table" },
} as const;

const outputs = ["table", "wide", "yaml", "json", "name"];
const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

interface Wanted {
  readonly resource: string;
  readonly name: string | undefined;
  readonly namespace: string;
  readonly everywhere: boolean;
  readonly selector: string | undefined;
  readonly output: string;
}

/** `skerry get`: the server makes the tables, so that columns are those of the kind. */
export class GetCommand implements Command {
  readonly name = "get";
  readonly summary = "Show Kubernetes objects";
  readonly usage = "skerry get RESOURCE [NAME] [-n NAMESPACE | -A] [-l SELECTOR] [-o table|wide|yaml|json|name]";
  readonly #http: KubeHttp;
  readonly #discovery: Discovery;

  constructor(@inject(KubeHttpToken) http: KubeHttp, @inject(DiscoveryToken) discovery: Discovery) {
    this.#http = http;
    this.#discovery = discovery;
  }

  async run(call: CommandCall): Promise<number> {
    let wanted: Wanted;
    try {
      wanted = this.#read(call.arguments);
    } catch (error) {
      if (errorFamily(error) !== "misuse") throw error;
      call.err(`${errorMessage(error)}\nusage: ${this.usage}\n`);
      return 2;
    }
    const resource = await this.#resource(wanted.resource);
    const isTable = wanted.output === "table" || wanted.output === "wide";
    call.out(isTable ? await this.#table(resource, wanted, call) : await this.#objects(resource, wanted));
    return 0;
  }

  async #table(resource: DiscoveredResource, wanted: Wanted, call: CommandCall): Promise<string> {
    const { name, namespace, everywhere, selector, output } = wanted;
    const isListed = name === undefined;
    const path = isListed
      ? collectionPath(resource, everywhere ? undefined : namespace)
      : objectPath(resource, { name, namespace });
    const subject = isListed ? `list ${resource.plural}` : `get ${subjectOf(resource, { name, namespace })}`;
    const table = await this.#http.json<Table>({ path, query: { labelSelector: selector }, accept: asTable, subject });
    if ((table.rows ?? []).length === 0) {
      const place = everywhere || !resource.namespaced ? "" : ` in ${namespace} namespace`;
      call.err(`No resources found${place}.\n`);
      return "";
    }
    return textTable(table, { wide: output === "wide", withNamespace: everywhere && resource.namespaced });
  }

  async #objects(resource: DiscoveredResource, wanted: Wanted): Promise<string> {
    const { name, namespace, everywhere, selector, output } = wanted;
    if (name === undefined) {
      const scope = everywhere ? {} : { namespace };
      const selected = selector === undefined ? scope : { ...scope, labelSelector: selector };
      const { objects } = await listAll(this.#http, resource, selected);
      if (output === "name") return objects.map((object) => nameLine(resource, object)).join("");
      return written({ apiVersion: "v1", kind: "List", items: objects.map(withoutManagers) }, output);
    }
    const path = objectPath(resource, { name, namespace });
    const subject = `get ${subjectOf(resource, { name, namespace })}`;
    const object = await this.#http.json<KubeObject>({ path, subject });
    return output === "name" ? nameLine(resource, object) : written(withoutManagers(object), output);
  }

  async #resource(word: string): Promise<DiscoveredResource> {
    const found = await this.#discovery.byWord(word);
    if (found !== undefined) return found;
    this.#discovery.forget();
    const again = await this.#discovery.byWord(word);
    if (again === undefined) throw errors.create("SKERRY_KUBE_KIND", { word });
    return again;
  }

  #read(args: readonly string[]): Wanted {
    const { values, positionals } = readArguments(args, options, this.usage);
    const [first = "", second, ...rest] = positionals;
    const [resource = "", joined] = first.split("/", 2);
    const name = joined ?? second;
    const { namespace, selector, output, "all-namespaces": everywhere } = values;
    if (resource === "") throw wrongUsage("a resource is needed, for instance devices", this.usage);
    if (rest.length > 0 || (joined !== undefined && second !== undefined)) {
      throw wrongUsage("only one name can be asked for", this.usage);
    }
    if (!outputs.includes(output)) throw wrongUsage(`the output is one of ${outputs.join(", ")}`, this.usage);
    if (name !== undefined && (everywhere || selector !== undefined)) {
      throw wrongUsage("a name excludes -A and -l", this.usage);
    }
    return { resource, name, namespace, everywhere, selector, output };
  }
}

function nameLine({ kind, group }: DiscoveredResource, { metadata }: KubeObject): string {
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${metadata.name}\n`;
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function written(value: object, output: string): string {
  return output === "json" ? `${JSON.stringify(value, undefined, 2)}\n` : stringify(value);
}
