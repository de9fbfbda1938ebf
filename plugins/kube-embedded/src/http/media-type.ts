import { notAcceptable } from "../api/status-error.ts";

/** How an answer is to be written. */
export type Representation = "object" | "table" | "metadata";

export interface Accepted {
  readonly encoding: "json" | "yaml";
  readonly as: Representation;
  /** Version of `meta.k8s.io` for a table, or of `apidiscovery.k8s.io` for aggregated discovery. */
  readonly version: string;
  /** What goes into the answer's Content-Type. */
  readonly contentType: string;
  readonly discovery: boolean;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const json: Accepted = {
  encoding: "json",
  as: "object",
  version: "",
  contentType: "application/json",
  discovery: false,
};
const yaml: Accepted = { ...json, encoding: "yaml", contentType: "application/yaml" };
const conversions: ReadonlyMap<string, Representation> = new Map([
  ["Table", "table"],
  ["PartialObjectMetadata", "metadata"],
  ["PartialObjectMetadataList", "metadata"],
]);

/** The first form of the Accept header which this server writes; `406` when there is none. */
export function negotiate(accept: string | undefined): Accepted {
  if (accept === undefined || accept.trim() === "") return json;
  const ranges = accept
    .split(",")
    .map(parseRange)
    .filter((range) => range.quality > 0);
  // Sorting is stable: among equals the client's order decides.
  for (const range of ranges.sort((a, b) => b.quality - a.quality)) {
    const accepted = representationOf(range);
    if (accepted !== undefined) return accepted;
  }
  throw notAcceptable(["application/json", "application/yaml"]);
}

function representationOf({ type, parameters }: MediaRange): Accepted | undefined {
  if (type === "application/yaml") return parameters.has("as") ? undefined : yaml;
  if (type !== "application/json" && type !== "*/*" && type !== "application/*") return undefined;
  const as = parameters.get("as");
  if (as === undefined) return json;
  const group = parameters.get("g") ?? "";
  const version = parameters.get("v") ?? "";
  const contentType = `application/json;g=${group};v=${version};as=${as}`;
  if (as === "APIGroupDiscoveryList" && group === "apidiscovery.k8s.io" && /^v2(beta1)?$/.test(version)) {
    return { ...json, version, contentType, discovery: true };
  }
  const representation = conversions.get(as);
  if (representation === undefined || group !== "meta.k8s.io" || !/^v1(beta1)?$/.test(version)) return undefined;
  return { ...json, as: representation, version };
}

/** The type of a Content-Type header, without its parameters, in lower case. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function parseRange(text: string): MediaRange {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? ([part, ""] as const) : ([part.slice(0, at).trim(), part.slice(at + 1).trim()] as const);
    }),
  );
  const quality = Number(parameters.get("q") ?? "1");
  return { type: type.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}
