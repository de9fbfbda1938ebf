import { SkerryError } from "@skerry/plugin";
import { type BootReport, kernelSurroundings, planBoot, plannedReport } from "../../host/index.ts";
import { version } from "../version.ts";
import { readNodeOptions } from "./node-options.ts";
import { pluginEntries } from "./plugin-entries.ts";
import type { ProfileBundle } from "./profile-bundle.ts";

/**
 * The boot report that a node of this profile would begin with: planned from its manifests and settings, without
 * running any of its code.
 *
 * @throws SkerryError with every problem of the boot
 */
export async function planNode(bundle: ProfileBundle, home: string): Promise<BootReport> {
  const { profile } = bundle.profile;
  const options = await readNodeOptions(bundle, ["--home", home]);
  const plan = planBoot(pluginEntries(bundle, options, process.env), kernelSurroundings);
  if (plan.problems.length > 0) throw summary(plan.problems);
  return {
    node: options.name,
    profile,
    version,
    state: "stopped",
    bootMs: undefined,
    plugins: plannedReport(plan.plugins),
  };
}

/** The first problem with the text of all: they are one refusal. */
function summary(problems: readonly SkerryError[]): Error {
  const [first] = problems;
  if (!first) return new Error("the boot was refused");
  const message = problems.map(({ message }) => message).join("\n  ");
  return new SkerryError(first.code, { family: first.family, message, advice: first.advice }, first.details);
}
