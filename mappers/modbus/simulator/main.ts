import { parseArgs } from "node:util";
import { startDemoMeter } from "./demo-meter.ts";

const usage = "usage: demo-meter [--host 127.0.0.1] [--port 5020] [--unit 1] [--state FILE]";

function integer(text: string, name: string, maximum: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= maximum && text.trim() !== "") return value;
  throw new Error(`--${name}: expected an integer from 0 to ${maximum}, found "${text}"\n${usage}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "5020" },
      unit: { type: "string", default: "1" },
      state: { type: "string" },
    },
  });
  const meter = await startDemoMeter({
    host: values.host,
    port: integer(values.port, "port", 65_535),
    unit: integer(values.unit, "unit", 247),
    ...(values.state === undefined ? {} : { stateFile: values.state }),
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    meter.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Run by a supervisor, the meter says so there as well, and ends with it.
  process.on("disconnect", stop);
  process.send?.({ ready: true });
  process.stdout.write(`${JSON.stringify({ ready: true, port: meter.port })}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`demo meter: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
