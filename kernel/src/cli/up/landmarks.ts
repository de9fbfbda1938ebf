/** A Kubernetes object as far as `skerry up` looks into it. */
export interface SeenObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly summary?: string;
  };
}

/** `true` once a Node is Ready. */
export function isReady(node: SeenObject | undefined): true | undefined {
  return hasCondition(node, "Ready") ? true : undefined;
}

/** A Device's values in one line, once it is connected and has any. */
export function firstValues(device: SeenObject | undefined): string | undefined {
  const summary = device?.status?.summary;
  return hasCondition(device, "Connected") && summary !== "" ? summary : undefined;
}

function hasCondition(object: SeenObject | undefined, type: string): boolean {
  return (
    object?.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false
  );
}
