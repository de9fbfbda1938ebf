/** Until the cloud's machine has answered with a TCP connection, or a proxy with a tunnel. */
export const reachWithinMs = 5_000;

/**
 * From the TCP connection to the open WebSocket, on either side. A cloud to which thousands of nodes come back at once
 * needs its time: a node that gave up sooner would only have it begin anew.
 */
export const handshakeWithinMs = 20_000;

/** From `close` to the other side's answer; then the connection is dropped. */
export const closeWithinMs = 2_000;

/** Headers of one HTTP request or answer. */
export const maximumHeaderBytes = 8 * 1024;

/** Larger files are no certificates. */
export const maximumTlsFileBytes = 256 * 1024;

/** Frames kept for a connection that has no receiver yet; with more than that, it stops reading. */
export const earlyBytes = 64 * 1024;

/** From a request's headers to the end of its answer. */
export const answerWithinMs = 10_000;

/** Requests that are worked on at the same time; those beyond are to come again. */
export const requestsAtOnce = 32;

/** The answer to a request of this node. */
export const maximumAnswerBytes = 256 * 1024;

/** How often a listener looks whether its certificate is another by now. */
export const reloadEveryMs = 30_000;
