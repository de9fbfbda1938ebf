import type { KubeApi, Storage, UplinkReceiver } from "@skerry/contracts";
import type { SeededRandom } from "@skerry/testing/simulation";

/** Mistakes that are made on purpose, so that the checker can be checked. */
export const bugNames = [
  "acknowledges before the write",
  "delivers an older state again",
  "forgets to remove an object",
  "judges by a view that is behind",
  "loses the outbox at a restart",
  "loses the replica at a restart",
  "loses entries of a log",
] as const;

export type BugName = (typeof bugNames)[number];

/** A disk that says it has written what it merely heard. */
export function hastyStorage(storage: Storage): Storage {
  return {
    open: async (name) => {
      const store = await storage.open(name);
      return {
        get: (key) => store.get(key),
        range: (range) => store.range(range),
        write: async (batch) => {
          // What becomes of it is what this mistake does not look at.
          store.write(batch).catch(() => undefined);
        },
      };
    },
  };
}

/** A receiver that at times gets the state before the last once more, and cannot tell. */
export function repeating(receiver: UplinkReceiver, random: SeededRandom): UplinkReceiver {
  const before = new Map<string, Parameters<UplinkReceiver["receive"]>[0]>();
  return {
    type: receiver.type,
    receive: async (report) => {
      await receiver.receive(report);
      const key = `${report.node} ${report.name}`;
      const older = before.get(key);
      before.set(key, report);
      if (!older || random.next() > 0.1) return;
      const { node, name, value } = older;
      await receiver.receive({ node, name, value });
    },
  };
}

/** An API that calls itself current whatever is on its way. */
export function hasty(api: KubeApi): KubeApi {
  return { ...api, current: async () => undefined };
}

/** A watch that keeps quiet about deletions. */
export function forgetful(api: KubeApi): KubeApi {
  return {
    ...api,
    watch: (resource, handlers, options) =>
      api.watch(
        resource,
        {
          upsert: (object) => handlers.upsert(object),
          remove: () => undefined,
          synced: () => handlers.synced(),
        },
        options,
      ),
  };
}
