/** A Kubernetes object as far as `skerry up` looks into it. */
export interface SeenObject {
  readonly spec?: { readonly properties?: readonly { readonly name: string; readonly access: string }[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly summary?: string;
    readonly reported?: Readonly<Record<string, unknown>>;
  };
}

/** `true` once a Node is Ready. */
export function isReady(node: SeenObject | undefined): true | undefined {
  return hasCondition(node, "Ready") ? true : undefined;
}

/** A Device's values in one line, once every property of its model that can be read has one. */
export function firstValues(device: SeenObject | undefined, model: SeenObject | undefined): string | undefined {
  const readable = model?.spec?.properties?.filter(({ access }) => access !== "write") ?? [];
  const { reported = {}, summary } = device?.status ?? {};
  const isComplete = readable.length > 0 && readable.every(({ name }) => reported[name] !== undefined);
  return hasCondition(device, "Connected") && isComplete ? summary : undefined;
}

function hasCondition(object: SeenObject | undefined, type: string): boolean {
  return (
    object?.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false
  );
}
