import { formatLogJson, formatLogText, type LogSink } from "../../host/index.ts";

/** The node's log: one record a line on standard output. */
export function logSink(format: "text" | "json"): LogSink {
  const line = format === "json" ? formatLogJson : formatLogText;
  return (record) => {
    if (record.level !== "debug" || process.env["SKERRY_DEBUG"] !== undefined)
      process.stdout.write(`${line(record)}\n`);
  };
}
