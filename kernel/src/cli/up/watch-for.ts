import type { JsonValue } from "@skerry/contracts";
import type { ControlClient } from "../control/client.ts";
import { errors } from "../errors.ts";

const pollMs = 150;

/**
 * Asks a node for its status until `look` finds what it wants in it.
 * @param what for the error when it does not come true in time
 */
export async function watchFor<T>(
  node: ControlClient,
  what: string,
  look: (sections: Readonly<Record<string, JsonValue>>) => T | undefined,
  limits: { readonly seconds: number; readonly logs: string; readonly signal: AbortSignal },
): Promise<T> {
  const end = performance.now() + limits.seconds * 1000;
  while (performance.now() < end) {
    limits.signal.throwIfAborted();
    const { sections } = await node.status();
    const found = look(sections);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw errors.create("SKERRY_UP_TIMEOUT", { what, seconds: limits.seconds, logs: limits.logs });
}
