/** What a registry asks for in `WWW-Authenticate`. */
export type Challenge =
  | { readonly type: "basic" }
  | { readonly type: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string };

/** RFC 9110 section 11.6.1, as far as registries use it; `undefined` for what is not understood. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return { type: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, bare] of rest.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    parameters.set(name.toLowerCase(), quoted ?? bare ?? "");
  }
  const realm = parameters.get("realm");
  if (realm === undefined) return undefined;
  const service = parameters.get("service");
  const scope = parameters.get("scope");
  return {
    type: "bearer",
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}
