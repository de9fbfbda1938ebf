/** From the TCP connection to the open WebSocket, on either side. */
export const handshakeWithinMs = 5_000;

/** From `close` to the other side's answer; then the connection is dropped. */
export const closeWithinMs = 2_000;

/** Headers of one HTTP request or answer. */
export const maximumHeaderBytes = 8 * 1024;

/** Larger files are no certificates. */
export const maximumTlsFileBytes = 256 * 1024;

/** Frames kept for a connection that has no receiver yet; with more than that, it stops reading. */
export const earlyBytes = 64 * 1024;
