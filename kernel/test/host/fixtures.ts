import {
  type Contributions,
  defineExtensionPoint,
  defineToken,
  inject,
  type Manifest,
  type Plugin,
  type PluginScope,
} from "@skerry/plugin";
import type { PluginEntry } from "../../src/host/index.ts";

export interface Greeter {
  greet(): string;
}

export const Greeter = defineToken<Greeter>("test.greeter/1");
export const Echo = defineToken<Greeter>("test.echo/1");
export const wordPoint = defineExtensionPoint<string[]>("test.word/1");

/** A manifest with what every one must have. */
export function manifest(id: string, rest: Partial<Manifest> = {}): Manifest {
  return { id, summary: `the ${id} of a test`, sdk: "^0.1.0", ...rest };
}

/** A plugin entry granted all it asks for. */
export function entry(
  source: Manifest,
  setup: (scope: PluginScope) => void = () => undefined,
  settings?: unknown,
): PluginEntry {
  const plugin: Plugin = { manifest: source, setup };
  return { manifest: source, settings, grants: source.capabilities ?? [], load: async () => plugin };
}

export const node = { name: "n", profile: "test", home: "/nonexistent", version: "0.0.0" };

/** Records the order of what happens to plugins. */
export class Diary {
  readonly lines: string[] = [];

  /** A class that writes down its life. */
  component(
    name: string,
    options: { start?: (signal: AbortSignal) => Promise<void>; stop?: () => Promise<void> } = {},
  ) {
    const { lines } = this;
    return class {
      constructor() {
        lines.push(`construct ${name}`);
      }
      greet() {
        return name;
      }
      async start(signal: AbortSignal) {
        lines.push(`start ${name}`);
        await options.start?.(signal);
      }
      async stop() {
        lines.push(`stop ${name}`);
        await options.stop?.();
      }
    };
  }
}

export class Hello implements Greeter {
  greet(): string {
    return "hello";
  }
}

export class Echoing implements Greeter {
  constructor(@inject(Greeter) readonly greeter: Greeter) {}
  greet(): string {
    return `${this.greeter.greet()}!`;
  }
}

export class WordOwner {
  constructor(@inject(wordPoint.contributions) readonly words: Contributions<string[]>) {}
}
