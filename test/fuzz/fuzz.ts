import type { Random } from "@skerry/contracts";
import { makeInput } from "./mutate.ts";

/** A decoder, from bytes that anybody may send. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs it takes. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Decodes, and says whether it took the input. Refusing by an error with a code, or by saying so, is as good; any other
   * error is a crash.
   */
  decode(bytes: Uint8Array): boolean | Promise<boolean>;
}

export interface FuzzResult {
  readonly target: string;
  readonly inputs: number;
  readonly taken: number;
  readonly slowestMs: number;
  readonly grownBytes: number;
  readonly crashes: readonly { readonly input: Uint8Array; readonly error: unknown }[];
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly random: Random;
  /** Milliseconds since whenever. */
  readonly time: () => number;
}

const mostCrashes = 5;

/** Feeds a decoder with inputs; stops early when it has crashed often enough. */
export async function fuzz(target: FuzzTarget, { inputs, random, time }: FuzzOptions): Promise<FuzzResult> {
  const crashes: { input: Uint8Array; error: unknown }[] = [];
  let [taken, slowestMs, count] = [0, 0, 0];
  const before = usedBytes();
  for (; count < inputs && crashes.length < mostCrashes; count += 1) {
    const input =
      count < target.seeds.length ? (target.seeds[count] ?? new Uint8Array()) : makeInput(target.seeds, random);
    const began = time();
    try {
      if (await target.decode(input)) taken += 1;
    } catch (error) {
      if (!hasCode(error)) crashes.push({ input, error });
    }
    slowestMs = Math.max(slowestMs, time() - began);
  }
  return { target: target.name, inputs: count, taken, slowestMs, grownBytes: usedBytes() - before, crashes };
}

/** Errors of Skerry have a code, and Statuses of the API a reason: both were meant. */
function hasCode(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, reason, name } = error as {
    readonly code?: unknown;
    readonly reason?: unknown;
    readonly name?: unknown;
  };
  if (typeof code === "string") return code.startsWith("SKERRY_");
  return (typeof code === "number" && typeof reason === "string") || name === "ModuleProblem";
}

function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
