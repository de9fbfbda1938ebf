import type { Clock, NodeInfo, Random } from "@skerry/contracts";
import { boot, type Kernel, type LogRecord } from "@skerry/kernel/host";
import type { Manifest, Plugin, Token } from "@skerry/plugin";

/** A plugin, or a plugin with settings and with other grants than all it asks for. */
export type TestPlugin =
  | Plugin
  | { readonly plugin: Plugin; readonly settings?: object; readonly grants?: readonly string[] };

export interface TestNodeOptions {
  readonly plugins: readonly TestPlugin[];
  /** Contracts in place of plugins: fakes for what the plugins under test require. */
  readonly with?: readonly (readonly [Token<unknown>, unknown])[];
  readonly node?: Partial<NodeInfo>;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Gets every log record. Default: they are dropped. */
  readonly log?: (record: LogRecord) => void;
}

/**
 * Boots the real kernel with these plugins, each granted what it asks for. Use it with `await using`,
 * or stop it.
 */
export function startTestNode(options: TestNodeOptions): Promise<Kernel> {
  const { clock, random } = options;
  return boot({
    node: {
      name: "test-node",
      profile: "test",
      home: "/nonexistent",
      programs: "/nonexistent",
      version: "0.0.0-test",
      ...options.node,
    },
    plugins: options.plugins.map((entry) => {
      const { plugin, settings, grants } = "plugin" in entry ? entry : { plugin: entry };
      const manifest = plugin.manifest as Manifest;
      return { manifest, settings, grants: grants ?? manifest.capabilities ?? [], load: async () => plugin };
    }),
    provided: options.with ?? [],
    log: options.log ?? (() => undefined),
    ...(clock && { clock }),
    ...(random && { random }),
  });
}
