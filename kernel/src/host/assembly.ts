import { errorMessage, type Plugin, type SkerryError } from "@skerry/plugin";
import type { PlannedPlugin } from "./boot-plan.ts";
import { errors, namesPlugin } from "./errors.ts";
import { Outcome } from "./outcome.ts";
import type { RunningPlugin } from "./running-plugin.ts";

/**
 * Loads the code of every plugin, sets them up, and constructs their classes in boot order. Wrong code
 * and a set-up that departs from the manifest are always fatal, and found before anything is
 * constructed; code that does not load and a constructor that throws fail their plugin only.
 *
 * @param load gives a plugin's code
 */
export async function assemble(
  plan: readonly PlannedPlugin[],
  plugins: ReadonlyMap<string, RunningPlugin>,
  load: (planned: PlannedPlugin) => Promise<Plugin | undefined>,
): Promise<Outcome> {
  const outcome = new Outcome();
  const parts = plan.flatMap((planned) => {
    const plugin = plugins.get(planned.manifest.id);
    return plugin ? [{ planned, plugin }] : [];
  });
  await Promise.all(
    parts.map(async ({ planned, plugin }) => {
      try {
        const code = await load(planned);
        outcome.fatal.push(...setUp(plugin, code));
      } catch (cause) {
        const details = { plugin: plugin.id, problem: errorMessage(cause) };
        outcome.fail(plugin, errors.create("SKERRY_PLUGIN_LOAD_FAILED", details, cause));
      }
    }),
  );
  if (outcome.fatal.length > 0) return outcome;

  for (const { planned, plugin } of parts) {
    if (plugin.state === "failed" || outcome.failForNeed(planned, plugin, plugins)) continue;
    try {
      plugin.construct();
    } catch (error) {
      outcome.fail(plugin, error);
    }
  }
  return outcome;
}

function setUp({ id, container }: RunningPlugin, code: Plugin | undefined): readonly SkerryError[] {
  const found = code?.manifest?.id;
  if (found !== id || typeof code?.setup !== "function") {
    return [errors.create("SKERRY_PLUGIN_WRONG_CODE", { plugin: id, found: found ?? "nothing" })];
  }
  try {
    code.setup(container);
    return container.check();
  } catch (cause) {
    if (namesPlugin(cause)) return [cause];
    return [errors.create("SKERRY_PLUGIN_SETUP_FAILED", { plugin: id, problem: errorMessage(cause) }, cause)];
  }
}
