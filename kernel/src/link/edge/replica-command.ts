import type { Command, CommandCall, ObjectRef } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgeLink, EdgeLinkToken } from "./edge-link.ts";

/** `skerry replica`: the names of the objects that this node holds. Their contents, Secrets' above all, stay there. */
export class ReplicaCommand implements Command {
  readonly name = "replica";
  readonly summary = "the objects that this node holds, by name";
  readonly usage = "skerry replica [-o json]";

  constructor(@inject(EdgeLinkToken) private readonly link: EdgeLink) {}

  async run({ arguments: options, out, err }: CommandCall): Promise<number> {
    const isJson = options.join(" ") === "-o json";
    if (options.length > 0 && !isJson) {
      err(`usage: ${this.usage}\n`);
      return 2;
    }
    const refs = this.link.replica.refs();
    out(isJson ? `${JSON.stringify(refs, undefined, 2)}\n` : refs.map((ref) => `${lineOf(ref)}\n`).join(""));
    return 0;
  }
}

/** As `kubectl get -o name` has it, with the namespace in front. */
function lineOf({ group, kind, namespace, name }: ObjectRef): string {
  const type = group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  return `${namespace === undefined ? "" : `${namespace}/`}${type}/${name}`;
}
