import type { SkerryError } from "@skerry/plugin";
import type { PlannedPlugin } from "./boot-plan.ts";
import { errors } from "./errors.ts";
import type { RunningPlugin } from "./running-plugin.ts";

/** What went wrong while plugins were constructed or started. */
export class Outcome {
  /** Failures the node cannot live with. */
  readonly fatal: SkerryError[] = [];
  /** Failures of plugins the node goes on without. */
  readonly degraded: SkerryError[] = [];

  /** Marks the plugin failed, and counts the failure by what the plugin is to the node. */
  fail(plugin: RunningPlugin, cause: unknown): void {
    (plugin.essential ? this.fatal : this.degraded).push(plugin.fail(cause));
  }

  /**
   * Whether a plugin that this one requires has failed; then this one has, too. That is reported unless
   * the boot is refused for the other one anyway.
   */
  failForNeed({ requires }: PlannedPlugin, plugin: RunningPlugin, all: ReadonlyMap<string, RunningPlugin>): boolean {
    const needed = requires.map((id) => all.get(id)).find((other) => other?.state === "failed");
    if (!needed) return false;
    const error = errors.create("SKERRY_PLUGIN_NEEDS_FAILED", { plugin: plugin.id, needed: needed.id });
    if (needed.essential) plugin.fail(error);
    else this.fail(plugin, error);
    return true;
  }
}
