import {
  type Contributions,
  defineExtensionPoint,
  defineToken,
  inject,
  type Manifest,
  type Plugin,
  type PluginScope,
  type SkerryError,
} from "@skerry/plugin";
import { type BootOptions, boot, type Kernel, type PluginEntry } from "../../src/host/index.ts";

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

export const node = { name: "n", profile: "test", home: "/nonexistent", programs: "/nonexistent", version: "0.0.0" };

/** Boots these plugins, without a log. */
export function start(plugins: readonly PluginEntry[], options: Partial<BootOptions> = {}): Promise<Kernel> {
  return boot({ node, plugins, log: () => undefined, ...options });
}

/** The problems of a boot that must be refused, as `code message`. */
export async function problemsOf(booting: Promise<Kernel>): Promise<readonly string[]> {
  const refused = await booting.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(refused instanceof AggregateError)) throw new Error(`expected a refused boot, got ${String(refused)}`);
  return refused.errors.map(({ code, message }: SkerryError) => `${code} ${message}`);
}

/** Records the order of what happens to plugins. */
export class Diary {
  readonly lines: string[] = [];

  /** A class that writes down its life. */
  component(name: string, life: Life = {}) {
    const { lines } = this;
    return class {
      constructor() {
        lines.push(`construct ${name}`);
        life.construct?.();
      }
      greet() {
        return name;
      }
      async start(signal: AbortSignal) {
        lines.push(`start ${name}`);
        await life.start?.(signal);
      }
      async stop() {
        lines.push(`stop ${name}`);
        await life.stop?.();
      }
    };
  }

  /** A plugin with one such class, which answers `test.greeter/1` if the manifest provides it. */
  plugin(source: Manifest, life: Life = {}): PluginEntry {
    const component = this.component(source.id, life);
    const provides = source.provides?.includes(Greeter.id);
    return entry(source, (scope) => (provides ? scope.provide(Greeter, component) : scope.run(component)));
  }
}

export interface Life {
  readonly construct?: () => void;
  readonly start?: (signal: AbortSignal) => Promise<void>;
  readonly stop?: () => Promise<void>;
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
