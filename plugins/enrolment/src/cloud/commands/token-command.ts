import { Clock, type Command, type CommandCall } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { tokenText } from "../../shared/join-token.ts";
import { isNodeName } from "../../shared/node-certificate.ts";
import { type Authority, AuthorityToken } from "../authority.ts";
import { type EnrolmentSettings, Settings } from "../settings.ts";
import { type JoinTokens, JoinTokensToken } from "../tokens/join-tokens.ts";
import type { StoredToken } from "../tokens/stored-token.ts";
import { readArguments, seconds, table, wrong } from "./arguments.ts";

const options = {
  node: { type: "string" },
  ttl: { type: "string", default: "24h" },
  uses: { type: "string", default: "1" },
  output: { type: "string", short: "o", default: "text" },
} as const;

/** Who used it is kept with it. */
const mostUses = 1_000;
const longestSeconds = 365 * 86_400;

/** `skerry token`: who may join. */
export class TokenCommand implements Command {
  readonly name = "token";
  readonly summary = "Make, list or revoke tokens with which machines join as nodes";
  readonly usage =
    "skerry token create [--node NAME] [--ttl 24h] [--uses N] [-o text|json] | skerry token list [-o json] | skerry token revoke ID";

  constructor(
    @inject(JoinTokensToken) private readonly tokens: JoinTokens,
    @inject(AuthorityToken) private readonly authority: Authority,
    @inject(Settings) private readonly settings: EnrolmentSettings,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async run(call: CommandCall): Promise<number> {
    const read = readArguments(call, this.usage, options);
    if (read === undefined) return 2;
    const { values, positionals } = read;
    const [verb, id, ...rest] = positionals;
    const isJson = values.output === "json";
    if (!isJson && values.output !== "text") return this.#wrong(call, `-o takes text or json, not ${values.output}`);
    if (verb === "create" && id === undefined) return this.#create(call, values, isJson);
    if (verb === "list" && id === undefined) return this.#list(call, isJson);
    if (verb === "revoke" && id !== undefined && rest.length === 0) return this.#revoke(call, id);
    return this.#wrong(call, verb === undefined ? "create, list or revoke?" : `unexpected "${positionals.join(" ")}"`);
  }

  async #create(
    call: CommandCall,
    { node, ttl, uses: usesText }: { node?: string | undefined; ttl: string; uses: string },
    isJson: boolean,
  ): Promise<number> {
    const life = seconds(ttl);
    if (life === undefined || life > longestSeconds) {
      return this.#wrong(call, `--ttl takes a time of at most 365d, for instance 30m, 24h or 7d, not ${ttl}`);
    }
    const uses = Number(usesText);
    if (!Number.isInteger(uses) || uses < 1 || uses > mostUses) {
      return this.#wrong(call, `--uses takes a number from 1 to ${mostUses}, not ${usesText}`);
    }
    if (node !== undefined && !isNodeName(node))
      return this.#wrong(call, `--node takes the name of a node, not ${node}`);
    const authority = await this.authority.certificate();
    const { id, secret, expires } = await this.tokens.create({ node, seconds: life, uses });
    const token = tokenText({ id, secret, authority });
    const until = new Date(expires).toISOString();
    const url = this.settings.url ?? "wss://HOST:PORT";
    if (isJson) {
      call.out(
        `${JSON.stringify({ id, token, url: this.settings.url ?? null, expires: until, uses, node: node ?? null })}\n`,
      );
      return 0;
    }
    const who = node === undefined ? (uses === 1 ? "one machine" : `${uses} machines`) : `the node ${node}`;
    call.out(`On the machine that is to join:\n\n  skerry join ${url} --token ${token}\n\n`);
    call.out(`The token ${id} is for ${who}, until ${until}. It is shown only now; whoever has it can join.\n`);
    return 0;
  }

  async #list(call: CommandCall, isJson: boolean): Promise<number> {
    const rows = (await this.tokens.list()).map((token) => this.#row(token));
    if (isJson) call.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    else if (rows.length === 0) call.err("There are no tokens.\n");
    else {
      const lines = rows.map(({ id, state, node, uses, used, expires }) => {
        return [id, state, node ?? "any", `${used.length}/${uses}`, expires, used.join(",")];
      });
      call.out(table([["ID", "STATE", "FOR", "USED", "EXPIRES", "BY"], ...lines]));
    }
    return 0;
  }

  #row({ id, node, uses, used, expires }: StoredToken) {
    const state = expires <= this.clock.now() ? "expired" : used.length >= uses ? "used" : "usable";
    const at = new Date(expires).toISOString();
    return { id, state, node: node ?? null, uses, used: used.map((use) => use.node), expires: at };
  }

  async #revoke(call: CommandCall, id: string): Promise<number> {
    await this.tokens.revoke(id);
    call.out(`token ${id} revoked; nodes that joined with it stay (skerry node revoke NAME)\n`);
    return 0;
  }

  #wrong(call: CommandCall, problem: string): number {
    wrong(call, this.usage, problem);
    return 2;
  }
}
