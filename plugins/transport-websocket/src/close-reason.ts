/** What fits into a close frame (RFC 6455, section 5.5), beside the code. */
const maximumBytes = 123;

/** The reason, cut to what a close frame carries, at a whole character. */
export function shortReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(maximumBytes));
  return reason.slice(0, read);
}
