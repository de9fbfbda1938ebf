import type { KubeApi, Storage } from "@skerry/contracts";

/** Mistakes that a world can be made to contain, to see that its checker finds them. */
export const bugNames = ["acknowledge-early", "old-after-new", "forget-removal", "lose-outbox", "skip-entry"] as const;
export type BugName = (typeof bugNames)[number];

/** The parts of a world, with one mistake or none. */
export class Bugs {
  readonly #bug: BugName | undefined;

  constructor(bug: BugName | undefined) {
    this.#bug = bug;
  }

  has(bug: BugName): boolean {
    return this.#bug === bug;
  }

  /** An edge that starts without what it had not sent. */
  storage(storage: Storage): Storage {
    if (!this.has("lose-outbox")) return storage;
    return {
      open: async (name) => {
        const store = await storage.open(name);
        if (name !== "outbox") return store;
        return {
          get: (key) => store.get(key),
          range: async () => [],
          write: (batch) => store.write(batch),
        };
      },
    };
  }

  /** A cloud that does not see objects go. */
  api(api: KubeApi): KubeApi {
    if (!this.has("forget-removal")) return api;
    return new Proxy(api, {
      get: (target, name, receiver) => {
        if (name !== "watch") {
          const member: unknown = Reflect.get(target, name, receiver);
          return typeof member === "function" ? member.bind(target) : member;
        }
        const watch: KubeApi["watch"] = (resource, handlers, options) =>
          target.watch(resource, { ...handlers, remove: () => undefined }, options);
        return watch;
      },
    });
  }
}
