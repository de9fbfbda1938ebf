import type { StreamHandler } from "@skerry/contracts";
import type { Contribution } from "@skerry/plugin";
import { errors } from "../errors.ts";

/** The handler of each kind of stream. @throws SKERRY_LINK_TWO_HANDLERS */
export function handlersByKind(handlers: readonly Contribution<StreamHandler>[]): ReadonlyMap<string, StreamHandler> {
  const plugins = new Map<string, string>();
  const byKind = new Map<string, StreamHandler>();
  for (const { plugin: second, value: handler } of handlers) {
    const { kind } = handler;
    const first = plugins.get(kind);
    if (first !== undefined) throw errors.create("SKERRY_LINK_TWO_HANDLERS", { first, second, kind });
    plugins.set(kind, second);
    byKind.set(kind, handler);
  }
  return byKind;
}
