import { maximumFrameBytes } from "@skerry/contracts";

/** What the link's decoders take, in one table. Beyond it a session ends with a code. */
export const budgets = {
  /** Any frame, held by the transport as well. */
  frameBytes: maximumFrameBytes,
  /** HELLO and WELCOME. */
  handshakeBytes: 4 * 1024,
  /** One DIGESTS frame; a large replica takes several. */
  digestsBytes: 256 * 1024,
  digestsPerFrame: 2_000,
  /** REFUSED. */
  refusalBytes: 4 * 1024,
  /** Sequence numbers in one ACK. */
  acknowledgementsPerFrame: 1_000,
  /** One state upwards, as JSON. */
  stateBytes: 1024 * 1024,
  /** Nesting of any JSON body. */
  jsonDepth: 64,
  /** Length of an object's key: group, kind, namespace and name. */
  keyBytes: 1024,
  /** States sent and not yet acknowledged, of all keys together. */
  statesInFlight: 64,
  /** Digests the cloud takes from one node at a resume. */
  digestsPerNode: 100_000,
  /** Bytes the cloud lets wait in one connection before it holds objects back. */
  bufferedBytes: 512 * 1024,
} as const;
