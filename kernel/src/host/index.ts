export { type BootPlan, type PlanInput, type PlannedPlugin, planBoot } from "./boot-plan.ts";
export { type BootReport, formatBootReport, type NodeState, type PluginReport } from "./boot-report.ts";
export { errors as hostErrors } from "./errors.ts";
export { type BootOptions, boot, Kernel, kernelSurroundings, type PluginEntry } from "./kernel.ts";
export type { PluginState } from "./running-plugin.ts";
export { formatLogJson, formatLogText, type LogRecord, type LogSink } from "./services/plugin-logger.ts";
export { systemClock } from "./services/system-clock.ts";
export { systemRandom } from "./services/system-random.ts";
export { mergeSettings, settingsFromEnvironment } from "./settings-layers.ts";
