import type { JsonObject } from "../kinds.ts";

/** The Kubernetes release whose API this server speaks; clients compare their own with it. */
const kubernetes = { major: "1", minor: "32" };

/** `/version`. */
export function serverVersion(skerryVersion: string): JsonObject {
  return {
    ...kubernetes,
    gitVersion: `v${kubernetes.major}.${kubernetes.minor}.0+skerry-${skerryVersion}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "node",
    platform: `${process.platform}/${process.arch}`,
  };
}
