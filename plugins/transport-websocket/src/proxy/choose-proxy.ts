import { errors } from "../errors.ts";
import { hostAndPort } from "../peer-name.ts";
import { isExempt } from "./no-proxy.ts";

/** Variables of this process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface HttpProxy {
  /** The way to the proxy itself goes over TLS. */
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port; never the credentials. */
  readonly name: string;
  /** What names it, for people. */
  readonly source: string;
  /** `user:password`, when they are in a variable. */
  readonly credentials?: string;
}

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** The ports curl takes when a proxy's URL names none. */
const defaultPorts = { "http:": 1080, "https:": 443 } as const;

/** The value of `proxy.url` that goes past all proxies. */
const direct = "direct";

/**
 * The proxy on the way to a host: what the setting `proxy.url` says, else what the environment does as curl reads it,
 * lower case first. `undefined`: none. Throws `SKERRY_TRANSPORT_BAD_PROXY`.
 */
export function chooseProxy(url: string | undefined, { host, port }: ProxyTarget, environment: Environment) {
  if (url === direct) return undefined;
  if (url !== undefined) return parseProxy(url, "the setting proxy.url", false);
  const found = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].find((name) => variable(environment, name));
  const exempt = variable(environment, "no_proxy") ?? variable(environment, "NO_PROXY") ?? "";
  if (found === undefined || isExempt(exempt, host, port)) return undefined;
  return parseProxy(variable(environment, found) ?? "", `the variable ${found}`, true);
}

function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

/** @param mayHaveCredentials settings are shown to people and stored where anyone may read: theirs are in a file */
function parseProxy(text: string, source: string, mayHaveCredentials: boolean): HttpProxy {
  const bad = (problem: string) => errors.create("SKERRY_TRANSPORT_BAD_PROXY", { source, problem });
  const url = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(url)) throw bad("is no URL");
  const { protocol, hostname, username, password, pathname, search, hash, ...rest } = membersOf(new URL(url));
  if (protocol !== "http:" && protocol !== "https:") throw bad(`has the scheme ${protocol}//, not http:// or https://`);
  if (pathname !== "/" || search !== "" || hash !== "") throw bad("has more than a host and a port");
  const hasCredentials = username !== "" || password !== "";
  if (hasCredentials && !mayHaveCredentials) throw bad("has credentials, which belong in the file proxy.credentials");
  const host = hostname.replace(/^\[|\]$/g, "");
  // The URL of a scheme hides that scheme's own port, which was written all the same.
  const hidden = /:(80|443)\/?$/.exec(url)?.[1];
  const port = Number(rest.port || hidden || defaultPorts[protocol]);
  const name = `${protocol}//${hostAndPort(host, port)}`;
  const proxy = { isSecure: protocol === "https:", host, port, name, source };
  if (!hasCredentials) return proxy;
  try {
    return { ...proxy, credentials: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
  } catch (error) {
    throw errors.create(
      "SKERRY_TRANSPORT_BAD_PROXY",
      { source, problem: "has credentials that cannot be read" },
      error,
    );
  }
}

/** The members of a URL are getters of its class, which cannot be taken apart with a rest. */
function membersOf({ protocol, hostname, port, username, password, pathname, search, hash }: URL) {
  return { protocol, hostname, port, username, password, pathname, search, hash };
}
