import type { Container, RuntimeChange, Sandbox } from "@skerry/contracts";

/** What a look at the runtime found, by id. */
export type Snapshot = ReadonlyMap<string, { readonly state: string; readonly change: RuntimeChange }>;

export function snapshot(sandboxes: readonly Sandbox[], containers: readonly Container[]): Snapshot {
  return new Map<string, { state: string; change: RuntimeChange }>([
    ...sandboxes.map(({ id, state }) => [id, { state, change: { sandbox: id } }] as const),
    ...containers.map(({ id, sandbox, state }) => [id, { state, change: { sandbox, container: id } }] as const),
  ]);
}

/** What came, went, or is in another state. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly RuntimeChange[] {
  const changed = [...after].filter(([id, { state }]) => before.get(id)?.state !== state);
  const gone = [...before].filter(([id]) => !after.has(id));
  return [...changed, ...gone].map(([, { change }]) => change);
}
