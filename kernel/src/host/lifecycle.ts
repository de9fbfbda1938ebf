import type { SkerryError } from "@skerry/plugin";
import type { PlannedPlugin } from "./boot-plan.ts";
import { Outcome } from "./outcome.ts";
import type { RunningPlugin } from "./running-plugin.ts";

/**
 * Starts each plugin as soon as those it needs have started, independent ones side by side. The first
 * failure of an essential plugin aborts the starts that are under way; what a failed plugin had begun is
 * undone at once. All have settled on return.
 */
export async function startPlugins(
  plan: readonly PlannedPlugin[],
  plugins: ReadonlyMap<string, RunningPlugin>,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = new Outcome();
  const abort = new AbortController();
  const combined = AbortSignal.any([signal, abort.signal]);
  const started = new Map<string, Promise<void>>();

  async function start(planned: PlannedPlugin, plugin: RunningPlugin): Promise<void> {
    await Promise.all(planned.after.map((id) => started.get(id)));
    if (combined.aborted || plugin.state === "failed" || outcome.failForNeed(planned, plugin, plugins)) {
      if (outcome.fatal.length > 0) abort.abort(outcome.fatal[0]);
      return;
    }
    try {
      await plugin.start(combined);
    } catch (error) {
      if (combined.aborted && isConsequence(error, combined.reason)) plugin.fail(error);
      else outcome.fail(plugin, error);
      if (outcome.fatal.length > 0) abort.abort(outcome.fatal[0]);
      outcome.degraded.push(...(await plugin.stop()));
    }
  }

  for (const planned of plan) {
    const plugin = plugins.get(planned.manifest.id);
    if (plugin) started.set(planned.manifest.id, start(planned, plugin));
  }
  await Promise.all(started.values());
  return outcome;
}

/** What an abort ended is a consequence, not a cause. */
function isConsequence(error: unknown, reason: unknown): boolean {
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    if (cause === reason || (cause instanceof Error && cause.name === "AbortError")) return true;
  }
  return false;
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
