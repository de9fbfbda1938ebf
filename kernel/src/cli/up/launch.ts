import { join } from "node:path";
import type { Home } from "../home.ts";
import type { ChildSpec } from "./child.ts";
import type { Ports } from "./ports.ts";

/**
 * Flags that keep a node small: they are not allowed in NODE_OPTIONS, so they stand on the command
 * line. `--optimize-for-size` gives most.
 */
const smallHeap = ["--max-semi-space-size=1", "--optimize-for-size", "--max-lazy", "--v8-pool-size=1"];
/** Importing Extism prints it, although no guest is given WASI. */
const quiet = ["--disable-warning=ExperimentalWarning"];
const smallEnvironment = { MALLOC_ARENA_MAX: "2", UV_THREADPOOL_SIZE: "1" };

/** The processes of one installation. */
export function childSpecs(home: Home, bundles: string, ports: Ports): Record<"meter" | "cloud" | "edge", ChildSpec> {
  const log = (name: string) => home.file("logs", `${name}.log`);
  const cli = join(bundles, "skerry.cjs");
  return {
    meter: {
      name: "meter",
      arguments: [
        join(bundles, "demo-meter.cjs"),
        ...["--host", "127.0.0.1", "--port", String(ports.meter), "--unit", "1"],
        ...["--state", home.file("meter.json")],
      ],
      log: log("meter"),
    },
    cloud: {
      name: "cloud",
      arguments: [...quiet, cli, "cloud", "--home", home.path],
      log: log("cloud"),
    },
    edge: {
      name: "edge",
      arguments: [...smallHeap, ...quiet, cli, "edge", "--home", home.path],
      environment: smallEnvironment,
      log: log("edge"),
    },
  };
}
