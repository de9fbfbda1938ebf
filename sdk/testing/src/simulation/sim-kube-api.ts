import type { Clock, KubeApi, KubeObject, Random, WatchHandlers } from "@skerry/contracts";
import type { FakeKubeApi } from "../fakes/kube-api.ts";
import { kubeErrors } from "../fakes/kube-errors.ts";

/** How the API server and the way to it are; may be changed at any time. */
export interface KubeWeather {
  /** Milliseconds a request or an event of a watch takes, drawn between these. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** So much later come the events of watches, whatever requests take. Default 0. */
  readonly watchLagMs?: number;
  /** Chance that a request fails; half of those that do have taken effect all the same. */
  readonly failures: number;
  /** Chance that a write is told of a conflict. */
  readonly conflicts: number;
}

export const fairWeather: KubeWeather = { latencyMs: { least: 0.2, most: 2 }, failures: 0, conflicts: 0 };

export interface SimKubeApiParts {
  readonly api: FakeKubeApi;
  /** Of the process: what it has asked for dies with it. */
  readonly clock: Clock;
  readonly random: Random;
  readonly weather: () => KubeWeather;
}

/** One process' view of an API server that several share: late, and at times failing. */
export function simKubeApi({ api, clock, random, weather }: SimKubeApiParts): KubeApi {
  const pause = () => {
    const { least, most } = weather().latencyMs;
    return clock.sleep(least + random.next() * (most - least));
  };
  const unavailable = (problem: string) =>
    kubeErrors.create("SKERRY_KUBE_UNAVAILABLE", { subject: "the API", problem });
  const request = async <T>(isWrite: boolean, act: () => Promise<T>): Promise<T> => {
    await pause();
    const { failures, conflicts } = weather();
    const fails = random.next() < failures;
    if (fails && random.next() < 0.5) throw unavailable("the request was lost");
    if (isWrite && random.next() < conflicts)
      throw kubeErrors.create("SKERRY_KUBE_CONFLICT", { subject: "an object", problem: "somebody was faster" });
    const result = await act();
    await pause();
    if (fails) throw unavailable("the answer was lost");
    return result;
  };
  /** Of each watch: resolves when what is on its way now has arrived. */
  const arrivals = new Set<() => Promise<void>>();
  const watch: KubeApi["watch"] = (resource, handlers, options) => {
    const delayed = late(handlers, () => clock.sleep(weather().watchLagMs ?? 0).then(pause));
    const disposable = api.watch(resource, delayed.handlers, options);
    arrivals.add(delayed.arrival);
    return {
      [Symbol.dispose]: () => {
        arrivals.delete(delayed.arrival);
        disposable[Symbol.dispose]();
      },
    };
  };
  const current = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const isKnown = await request(false, () => api.current(signal)).then(
      () => true,
      () => false,
    );
    if (!isKnown) return await current(signal);
    await Promise.all([...arrivals].map((arrival) => arrival()));
    signal.throwIfAborted();
  };
  return {
    get: (resource, name) => request(false, () => api.get(resource, name)),
    list: (resource, options) => request(false, () => api.list(resource, options)),
    create: (object, resource) => request(true, () => api.create(object, resource)),
    createSubresource: (resource, name, subresource, body) =>
      request(true, () => api.createSubresource(resource, name, subresource, body)),
    patch: (resource, name, patch, options) => request(true, () => api.patch(resource, name, patch, options)),
    delete: (resource, name, options) => request(true, () => api.delete(resource, name, options)),
    apply: (object, resource, options) => request(true, () => api.apply(object, resource, options)),
    watch,
    current,
  };
}

/** The same events in the same order, each some time later. */
function late(told: WatchHandlers, pause: () => Promise<void>) {
  let before = Promise.resolve();
  const tell = (act: () => void) => {
    const [earlier, arrives] = [before, pause()];
    before = earlier.then(() => arrives).then(act);
  };
  const handlers: WatchHandlers = {
    upsert: (object: KubeObject) => tell(() => told.upsert(object)),
    remove: (object: KubeObject) => tell(() => told.remove(object)),
    synced: () => tell(() => told.synced()),
  };
  return { handlers, arrival: () => before };
}
