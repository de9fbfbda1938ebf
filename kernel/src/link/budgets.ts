import { maximumFrameBytes, maximumObjectBytes, storageLimits } from "@skerry/contracts";

const stateBytes = 1024 * 1024;

/** What the link's decoders take, in one table. Beyond it a session ends with a code. */
export const budgets = {
  /** Any frame, held by the transport as well. */
  frameBytes: maximumFrameBytes,
  /** An object as JSON: its PUT has room for the key, each byte of it escaped to six. */
  objectBytes: maximumObjectBytes,
  /** HELLO and WELCOME. */
  handshakeBytes: 4 * 1024,
  /** One DIGESTS frame; a large replica takes several. */
  digestsBytes: 256 * 1024,
  digestsPerFrame: 2_000,
  /** REFUSED: six bytes for each character, where JSON escapes it. */
  refusalBytes: 8 * 1024,
  refusalCharacters: 1000,
  /** Sequence numbers in one ACK. */
  acknowledgementsPerFrame: 1_000,
  /** One state upwards, as JSON. */
  stateBytes,
  /** The body of a STATE frame: each byte of its type and name may have been escaped to six. */
  stateBodyBytes: stateBytes + 6 * storageLimits.keyBytes + 16,
  /** Nesting of any JSON body. */
  jsonDepth: 64,
  /** Length of an object's key (group, kind, namespace and name) and of a state's (type and name). */
  keyBytes: storageLimits.keyBytes,
  /** A digest, as text. */
  digestCharacters: 16,
  /** States the edge has sent and not yet heard of, of one type. */
  statesInFlight: 64,
  /** Their values as JSON, of all types together. */
  bytesInFlight: 4 * 1024 * 1024,
  /** States the cloud keeps unanswered for one session, and the bytes of their frames: more than an edge sends. */
  statesUnanswered: 4096,
  bytesUnanswered: 16 * 1024 * 1024,
  /** Digests the cloud takes from one node at a resume, and the bytes of their keys. */
  digestsPerNode: 100_000,
  digestKeyBytesPerNode: 16 * 1024 * 1024,
  /** Bytes the cloud lets wait in one connection before it holds objects back. */
  bufferedBytes: 512 * 1024,
} as const;
