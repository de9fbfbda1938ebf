import type { Clock, NodeInfo, Random } from "@skerry/contracts";
import type { Plugin, Token } from "@skerry/plugin";
import type { PlanInput } from "./boot-plan.ts";
import type { NodeState } from "./boot-report.ts";
import type { PluginState } from "./running-plugin.ts";
import type { LogSink } from "./services/plugin-logger.ts";

/** A plugin as a profile lists it: its manifest as unchecked data, and how to load its code. */
export interface PluginEntry extends PlanInput {
  /** Called once, and only after the whole plan was accepted. */
  load(): Promise<Plugin>;
}

/** A step of one plugin or, without `plugin`, of the node. */
export interface StateChange {
  readonly plugin?: string;
  readonly state: PluginState | NodeState;
}

/** Told of every step, in order. Must not throw. */
export type StateListener = (change: StateChange) => void;

export interface BootOptions {
  readonly node: NodeInfo;
  readonly plugins: readonly PluginEntry[];
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: lines of text on standard error. */
  readonly log?: LogSink;
  /** Contracts handed in from outside: by the composition root, or by a test. */
  readonly provided?: readonly (readonly [Token<unknown>, unknown])[];
  /** Calls the boot off: what is starting is aborted, what has started is stopped. */
  readonly signal?: AbortSignal;
  /** Called at every step from the first; `Kernel.onStateChange` hears those after the boot. */
  readonly onStateChange?: StateListener;
}
