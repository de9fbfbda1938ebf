import type { SkerryError } from "@skerry/plugin";
import type { PlannedPlugin } from "./boot-plan.ts";
import { errors } from "./errors.ts";
import type { RunningPlugin } from "./running-plugin.ts";

export interface StartOutcome {
  /** Failures of plugins the node goes on without. */
  readonly degraded: readonly SkerryError[];
  /** Failures the node cannot live with. */
  readonly fatal: readonly SkerryError[];
}

/**
 * Starts each plugin as soon as those it needs have started, independent ones side by side. The first
 * failure of an essential plugin aborts the starts that are under way; all have settled on return.
 */
export async function startPlugins(
  plan: readonly PlannedPlugin[],
  plugins: ReadonlyMap<string, RunningPlugin>,
  signal: AbortSignal,
): Promise<StartOutcome> {
  const fatal: SkerryError[] = [];
  const degraded: SkerryError[] = [];
  const abort = new AbortController();
  const combined = AbortSignal.any([signal, abort.signal]);
  const started = new Map<string, Promise<void>>();

  async function start({ after, requires }: PlannedPlugin, plugin: RunningPlugin): Promise<void> {
    await Promise.all(after.map((id) => started.get(id)));
    if (combined.aborted) return;
    try {
      const needed = requires.find((id) => plugins.get(id)?.state === "failed");
      if (needed !== undefined) {
        throw plugin.fail(errors.create("SKERRY_PLUGIN_NEEDS_FAILED", { plugin: plugin.id, needed }));
      }
      await plugin.start(combined);
    } catch (error) {
      if (!plugin.essential) {
        degraded.push(error as SkerryError);
        return;
      }
      // What an abort ended is a consequence, not a cause.
      if (!abort.signal.aborted) fatal.push(error as SkerryError);
      abort.abort(error);
    }
  }

  for (const planned of plan) {
    const plugin = plugins.get(planned.manifest.id);
    if (plugin) started.set(planned.manifest.id, start(planned, plugin));
  }
  await Promise.all(started.values());
  return { degraded, fatal };
}

/** Stops plugins in reverse order of start, one after another; everything is tried. */
export async function stopPlugins(
  plan: readonly PlannedPlugin[],
  plugins: ReadonlyMap<string, RunningPlugin>,
): Promise<readonly SkerryError[]> {
  const failures: SkerryError[] = [];
  for (const { manifest } of [...plan].reverse()) {
    const plugin = plugins.get(manifest.id);
    if (plugin) failures.push(...(await plugin.stop()));
  }
  return failures;
}
