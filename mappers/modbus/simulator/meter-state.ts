import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What a meter remembers without power. */
export interface MeterState {
  readonly relay: boolean;
  /** Tenths of an ampere. */
  readonly limit: number;
  /** Watt-hours. */
  readonly energy: number;
}

export const newMeter: MeterState = { relay: false, limit: 160, energy: 0 };

/** Reads the state file; a meter without one is new. Throws for a file that is no state. */
export async function loadState(file: string | undefined): Promise<MeterState> {
  if (file === undefined) return newMeter;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return newMeter;
    throw error;
  }
  const state: Partial<MeterState> = JSON.parse(text);
  if (typeof state.relay !== "boolean" || !isNumber(state.limit) || !isNumber(state.energy)) {
    throw new Error(`${file} is not the state of a meter: expected relay, limit and energy`);
  }
  return { relay: state.relay, limit: state.limit, energy: state.energy };
}

/** Replaces the state file in one step: a reader finds the old state or the new one. */
export async function saveState(file: string | undefined, state: MeterState): Promise<void> {
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  await writeFile(partial, `${JSON.stringify(state)}\n`);
  await rename(partial, file);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
