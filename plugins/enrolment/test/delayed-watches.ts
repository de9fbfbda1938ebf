import type { KubeApi } from "@skerry/contracts";

/** An API whose watches deliver nothing any more once they are held. */
export class DelayedWatches {
  readonly api: KubeApi;
  #isHeld = false;

  constructor(api: KubeApi) {
    const unlessHeld =
      <T extends readonly unknown[]>(handler: (...args: T) => void) =>
      (...args: T) => {
        if (!this.#isHeld) handler(...args);
      };
    this.api = new Proxy(api, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (name !== "watch") return typeof value === "function" ? value.bind(target) : value;
        const watch: KubeApi["watch"] = (resource, { upsert, remove, synced }, options) =>
          target.watch(resource, { upsert: unlessHeld(upsert), remove: unlessHeld(remove), synced }, options);
        return watch;
      },
    });
  }

  hold(): void {
    this.#isHeld = true;
  }
}
