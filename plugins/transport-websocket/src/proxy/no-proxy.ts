import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` exempts a host, as curl reads it: a list of names (each with all below it), addresses and
 * CIDR blocks, separated by commas or spaces, each perhaps with a port; `*` exempts all. Entries that make no sense exempt nothing.
 *
 * @param host without brackets
 */
export function isExempt(list: string, host: string, port: number): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => matches(entry.toLowerCase(), name, port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === "*") return true;
  const { name, only } = withPort(entry);
  if (only !== undefined && only !== port) return false;
  if (isIP(host) !== 0) return isInBlock(name, host);
  const domain = name.replace(/^\*?\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function withPort(entry: string): { readonly name: string; readonly only?: number } {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(entry);
  const found = bracketed ?? (isIP(entry) === 6 ? null : /^([^:/]+):(\d{1,5})$/.exec(entry));
  const [, name = entry, only] = found ?? [];
  return only === undefined ? { name } : { name, only: Number(only) };
}

function isInBlock(entry: string, host: string): boolean {
  const [address = "", bits, ...more] = entry.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  const longest = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (bits === "" || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) return false;
  const block = new BlockList();
  block.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  return block.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
}
