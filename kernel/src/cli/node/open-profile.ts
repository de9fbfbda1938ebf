import type { NodeInfo } from "@skerry/contracts";
import { boot, type Kernel } from "../../host/index.ts";
import { logSink } from "./log-sink.ts";
import { pluginEntries } from "./plugin-entries.ts";
import type { ProfileBundle } from "./profile-bundle.ts";

/** Boots a profile for one task of the command line. Whoever opened it stops it. */
export function openProfile(bundle: ProfileBundle, node: NodeInfo, signal: AbortSignal): Promise<Kernel> {
  const layers = { file: { plugins: {} }, overrides: [] };
  return boot({ node, plugins: pluginEntries(bundle, layers, process.env), log: logSink("text"), signal });
}
