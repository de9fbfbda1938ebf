import type { JsonValue, StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { summarise } from "../shared/summary.ts";
import { type EdgeTwins, EdgeTwinsToken } from "./edge-twins.ts";
import type { Twin } from "./twin.ts";

/** The devices of this node in `skerry status`. */
export class DevicesSection implements StatusSection {
  readonly name = "devices";

  constructor(@inject(EdgeTwinsToken) private readonly twins: EdgeTwins) {}

  async collect(): Promise<StatusReport> {
    const rows = this.twins.all().map(describe);
    const width = Math.max(0, ...rows.map(({ name }) => name.length));
    return {
      data: rows.map((row) => ({ ...row }) satisfies JsonValue),
      lines: rows.map(
        ({ name, connected, values, problem }) =>
          `${name.padEnd(width)}  ${connected === "True" ? "connected" : `not connected${problem}`}  ${values}`,
      ),
    };
  }
}

function describe(twin: Twin): { name: string; connected: string; values: string; refused: number; problem: string } {
  const condition = twin.conditions.list().find(({ type, status }) => type !== "ValuesValid" && status !== "True");
  return {
    name: twin.name,
    connected: twin.conditions.get("Connected")?.status ?? "Unknown",
    values: summarise(twin.record.reported, twin.definition?.model),
    refused: twin.conditions.refusals,
    problem: condition === undefined ? "" : ` (${condition.reason}: ${condition.message})`,
  };
}
