import { describe } from "vitest";
import { commandCases } from "./workload-runtime/command-cases.ts";
import { containerCases } from "./workload-runtime/container-cases.ts";
import type { WorkloadRuntimeContractOptions } from "./workload-runtime/harness.ts";
import { mountCases } from "./workload-runtime/mount-cases.ts";
import { restartCases } from "./workload-runtime/restart-cases.ts";
import { sandboxCases } from "./workload-runtime/sandbox-cases.ts";

/**
 * What every implementation of `WorkloadRuntime` promises. Programs are asked for by what they are meant to do, so
 * that a runtime of containers and one of WebAssembly modules each bring their own.
 */
export function workloadRuntimeContract(options: WorkloadRuntimeContractOptions): void {
  describe(`workload runtime contract: ${options.name}`, () => {
    describe("sandboxes and images", () => sandboxCases(options));
    describe("containers", () => containerCases(options));
    describe("programs in a container", () => commandCases(options));
    describe("mounts", () => mountCases(options));
    describe("restarts", () => restartCases(options));
  });
}
