/** What fits into the close frame of RFC 6455, beside the code. */
const maximumBytes = 123;

/** The reason, cut to what a WebSocket could carry, at a whole character. */
export function shortReason(reason: string): string {
  const encoded = new TextEncoder().encodeInto(reason, new Uint8Array(maximumBytes));
  return reason.slice(0, encoded.read);
}
