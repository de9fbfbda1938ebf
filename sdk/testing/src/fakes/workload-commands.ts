import { type Clock, type CommandResult, type ContainerConfig, runtimeErrors } from "@skerry/contracts";
import type { FakeExit, FakeProgram } from "./workload-runs.ts";

/** What a scripted program leaves that is run beside the one of a container; one that does not end runs into its timeout. */
export function runCommand(
  program: FakeProgram,
  { id, config }: { readonly id: string; readonly config: ContainerConfig },
  clock: Clock,
  timeoutMs: number,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const said = { stdout: "", stderr: "" };
    const timeout = clock.after(timeoutMs, () => {
      const details = { command: JSON.stringify([...config.command, ...config.args].join(" ")) };
      reject(runtimeErrors.create("SKERRY_RUNTIME_TIMED_OUT", { ...details, timeout: `${timeoutMs / 1000}s` }));
    });
    const exit = ({ code }: FakeExit) => {
      timeout[Symbol.dispose]();
      resolve({ exitCode: code, stdout: Buffer.from(said.stdout), stderr: Buffer.from(said.stderr) });
    };
    if (program.does === "exits") clock.after(program.afterMs ?? 0, () => exit(program));
    else if (program.does === "runs") {
      const print = (line: string, stream: "stdout" | "stderr" = "stdout") => {
        said[stream] += `${line}\n`;
      };
      program.run({ id, config, print, exit });
    } else if (program.does === "refused" || program.does === "not start") {
      said.stderr = program.problem;
      exit({ code: 127 });
    }
  });
}
