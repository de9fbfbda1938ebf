import type { Contribution, Contributions } from "@skerry/plugin";
import { errors } from "./errors.ts";
import type { RunningPlugin } from "./running-plugin.ts";

/** Who filled which extension point: known once every plugin is constructed. */
export class ExtensionPoints {
  #plugins: readonly RunningPlugin[] | undefined;

  /** Every plugin is constructed, in boot order. */
  seal(plugins: readonly RunningPlugin[]): void {
    this.#plugins = plugins;
  }

  all<T>(point: string, asking: string): readonly Contribution<T>[] {
    if (!this.#plugins) throw errors.create("SKERRY_KERNEL_TOO_EARLY", { plugin: asking, point });
    return this.#plugins
      .filter(({ state }) => state !== "failed")
      .flatMap(({ id, container }) => container.contributed(point).map((value) => ({ plugin: id, value: value as T })));
  }

  /** The owner's view of its point. */
  view(point: string, owner: string): Contributions<unknown> {
    return { all: () => this.all(point, owner) };
  }
}
