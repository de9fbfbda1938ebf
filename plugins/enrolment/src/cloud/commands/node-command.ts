import { Clock, type Command, type CommandCall, KubeApi } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "../../errors.ts";
import type { Identity } from "../identities/identity.ts";
import { type NodeIdentities, NodeIdentitiesToken } from "../identities/node-identities.ts";
import { nodes } from "../kinds.ts";
import { type EnrolmentSettings, Settings } from "../settings.ts";
import { readArguments, table, wrong } from "./arguments.ts";

const options = { output: { type: "string", short: "o", default: "text" } } as const;

/** `skerry node`: which nodes may come in. */
export class NodeCommand implements Command {
  readonly name = "node";
  readonly summary = "List the nodes that may connect and their certificates, or revoke those of one";
  readonly usage = "skerry node list [-o json] | skerry node revoke NAME";

  constructor(
    @inject(NodeIdentitiesToken) private readonly identities: NodeIdentities,
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Settings) private readonly settings: EnrolmentSettings,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async run(call: CommandCall): Promise<number> {
    const read = readArguments(call, this.usage, options);
    if (read === undefined) return 2;
    const { values, positionals } = read;
    const [verb, name, ...rest] = positionals;
    if (verb === "list" && name === undefined) return this.#list(call, values.output === "json");
    if (verb === "revoke" && name !== undefined && rest.length === 0) return this.#revoke(call, name);
    wrong(call, this.usage, verb === undefined ? "list or revoke?" : `unexpected "${positionals.join(" ")}"`);
    return 2;
  }

  async #list(call: CommandCall, isJson: boolean): Promise<number> {
    const known = new Map((await this.identities.list()).map((identity) => [identity.node, identity]));
    const names = (await this.kube.list(nodes)).map(({ metadata }) => metadata.name);
    const all = [...new Set([...names, ...known.keys()])].sort();
    const rows = all.map((node) => ({ node, ...this.#certificate(known.get(node)) }));
    if (isJson) call.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    else if (rows.length === 0) call.err("There are no nodes.\n");
    else {
      const lines = rows.map(({ node, certificate, until }) => [node, certificate, until ?? ""]);
      call.out(table([["NODE", "CERTIFICATE", "UNTIL"], ...lines]));
    }
    return 0;
  }

  #certificate(identity: Identity | undefined): { readonly certificate: string; readonly until: string | null } {
    if (identity === undefined) return { certificate: "not from here", until: null };
    const newest = identity.certificates.at(-1);
    if (newest === undefined) return { certificate: "revoked", until: identity.revoked ?? null };
    const over = this.clock.now() - Date.parse(newest.expires);
    const state = over <= 0 ? "valid" : over <= this.settings.graceSeconds * 1000 ? "renewable" : "expired";
    return { certificate: state, until: newest.expires };
  }

  async #revoke(call: CommandCall, name: string): Promise<number> {
    const isKnown = (await this.identities.fresh(name)) ?? (await this.kube.get(nodes, { name }));
    if (isKnown === undefined) throw errors.create("SKERRY_ENROLMENT_NO_SUCH", { what: "node", name });
    await this.identities.revoke(name);
    call.out(
      `node ${name} revoked: it is disconnected, and cannot renew. Its Node and Pods stay: kubectl delete node ${name}\n`,
    );
    return 0;
  }
}
