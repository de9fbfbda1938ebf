/** `metav1.Time`: RFC 3339 with whole seconds. */
export function timeText(ms: number): string {
  const bounded = Math.min(Math.max(ms, 0), 253_402_300_799_000);
  return `${new Date(bounded).toISOString().slice(0, 19)}Z`;
}
