import { maximumFrameBytes, maximumObjectBytes, storageLimits } from "@skerry/contracts";

/** What the link's decoders take, in one table. Beyond it a session ends with a code. */
export const budgets = {
  /** A message of the WebSocket that carries a part of a frame: its head, and this. */
  partBytes: 16 * 1024,
  /** A part that is not the last of its frame: each costs more memory than its bytes. */
  leastPartBytes: 1024,
  /** A frame, put together of its parts, and inflated. */
  frameBytes: maximumFrameBytes,
  /** An object as JSON: its PUT has room for the key. */
  objectBytes: maximumObjectBytes,
  /** HELLO and WELCOME. */
  handshakeBytes: 4 * 1024,
  /** The name of a feed, or of an outbox' epoch. */
  feedBytes: 64,
  /** One DIGESTS frame; a large replica takes several. */
  digestsBytes: 256 * 1024,
  digestsPerFrame: 2_000,
  /** A digest, in bytes, and as text. */
  digestBytes: 12,
  digestCharacters: 16,
  bucketDigestBytes: 8,
  /** A comparison has at most 2^bits buckets. */
  bucketBits: 12,
  /** A code, and a message for people. */
  codeBytes: 100,
  messageBytes: 4_000,
  messageCharacters: 1_000,
  /** The kind of a stream, the type of a log. */
  kindBytes: 64,
  /** What a stream is opened with, as JSON. */
  parametersBytes: 64 * 1024,
  /** Sequence numbers in one ACKNOWLEDGE. */
  acknowledgementsPerFrame: 1_000,
  /** One state upwards, as JSON. */
  stateBytes: 1024 * 1024,
  /** Logs of one session. */
  logs: 64,
  /** One entry of a log, as JSON, and how many a frame has. */
  entryBytes: 256 * 1024,
  entriesPerFrame: 1_000,
  /** Nesting of any JSON. */
  jsonDepth: 64,
  /** Length of an object's key (group, kind, namespace and name) and of a state's (type and name). */
  keyBytes: storageLimits.keyBytes,
  /** States the edge has sent and not yet heard of, of one type. */
  statesInFlight: 64,
  /** Their values as JSON, of all types together. */
  bytesInFlight: 4 * 1024 * 1024,
  /** States the cloud keeps unanswered for one session. */
  statesUnanswered: 4096,
  /** Digests the cloud takes from one node at a resume, and the bytes of their keys. */
  digestsPerNode: 100_000,
  digestKeyBytesPerNode: 16 * 1024 * 1024,
  /** Streams of one session at once. */
  streams: 256,
} as const;

/** Bytes of parts that may be on their way on a lane before the receiver gives more. The control lane has no limit. */
export const firstCredit = { state: 1024 * 1024, log: 256 * 1024, stream: 256 * 1024 } as const;
