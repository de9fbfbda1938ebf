import { expect, it } from "vitest";
import { RecordingLogger } from "../src/index.ts";

it("RecordingLogger keeps every record as it was given", () => {
  const log = new RecordingLogger();
  log.debug("a");
  log.info("b", { count: 1 });
  log.warn("c", { error: "x" });
  log.error("d");
  expect(log.records).toEqual([
    { level: "debug", message: "a", fields: {} },
    { level: "info", message: "b", fields: { count: 1 } },
    { level: "warn", message: "c", fields: { error: "x" } },
    { level: "error", message: "d", fields: {} },
  ]);
});
