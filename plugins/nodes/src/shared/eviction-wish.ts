/** On a Pod or its Namespace: how long its Pods stay bound to an edge node that cannot be reached. */
export const evictionAnnotation = "edge.skerry.dev/evict-when-unreachable";

export interface EvictionWish {
  /** Absent: for ever. */
  readonly seconds?: number;
}

const longestSeconds = 366 * 24 * 60 * 60;

/** `300s` or `never`; `undefined` for a text that is neither. At most a year. */
export function parseEvictionWish(text: string): EvictionWish | undefined {
  if (text === "never") return {};
  const seconds = /^(\d{1,9})s$/.exec(text)?.[1];
  return seconds === undefined || Number(seconds) > longestSeconds ? undefined : { seconds: Number(seconds) };
}
