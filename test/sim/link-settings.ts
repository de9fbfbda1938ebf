import type { SettingsSchema } from "@skerry/plugin";
import { readSettings } from "../../kernel/src/host/settings.ts";
import type { CloudLinkSettings } from "../../kernel/src/link/cloud/cloud-link.ts";
import cloud from "../../kernel/src/link/cloud/plugin.json" with { type: "json" };
import type { EdgeLinkSettings } from "../../kernel/src/link/edge/edge-link.ts";
import edge from "../../kernel/src/link/edge/plugin.json" with { type: "json" };

/** Short, so that a silent death is noticed well within the time to converge. */
const heartbeatMs = 400;

/** The manifest's defaults, but for these. */
function settingsOf(schema: unknown, given: object): unknown {
  const { settings, problems } = readSettings(schema as SettingsSchema, given);
  if (problems.length > 0) throw new Error(`settings of the simulation are wrong: ${JSON.stringify(problems)}`);
  return settings;
}

export const cloudSettings = settingsOf(cloud.settings, { heartbeatMs }) as CloudLinkSettings;
export const edgeSettings = settingsOf(edge.settings, {
  heartbeatMs,
  reconnect: { firstMs: 100, longestMs: 800, againMs: 400 },
}) as EdgeLinkSettings;
