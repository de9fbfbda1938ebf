import { ByteWriter } from "./byte-writer.ts";
import { frameTypes } from "./frame-types.ts";
import type { Frame } from "./frames.ts";

/** The bytes of a frame, as docs/reference/link-v1.md lays them out. */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new ByteWriter().byte(frameTypes[frame.type]);
  switch (frame.type) {
    case "credit":
      return writer.varint(frame.lane).varint(frame.bytes).take();
    case "acknowledge":
      for (const sequence of frame.sequences) writer.varint(sequence);
      return writer.take();
    case "refuse":
      return writer.varint(frame.sequence).text(frame.code).text(frame.message).take();
    case "applied":
      return writer.varint(frame.sequence).take();
    case "resume":
      return writer.varint(frame.sequence).sized(Buffer.from(frame.feed)).take();
    case "outbox-epoch":
      return writer.text(frame.epoch).take();
    case "compare":
      return writer.varint(frame.bits).take();
    case "list":
      writer.varint(frame.bits);
      for (const bucket of frame.buckets) writer.varint(bucket);
      return writer.take();
    case "open":
      return writer.varint(frame.stream).text(frame.kind).json(frame.parameters).take();
    case "reset":
      return writer.varint(frame.stream).text(frame.code).text(frame.message).take();
    case "log-acknowledge":
      return writer.text(frame.log).text(frame.epoch).varint(frame.upTo).take();
    case "log-refuse":
      writer.text(frame.log).text(frame.epoch).varint(frame.upTo);
      return writer.text(frame.code).text(frame.message).take();
    case "put":
      return writer.text(frame.key).json(frame.object).take();
    case "remove":
      return writer.text(frame.key).take();
    case "synced":
      return writer.text(frame.root).take();
    case "state":
      return writer.varint(frame.sequence).text(frame.key.type).text(frame.key.name).json(frame.value).take();
    case "buckets":
      writer.varint(frame.bits);
      for (const digest of frame.digests) writer.raw(Buffer.from(digest, "base64url"));
      return writer.take();
    case "digests":
      writer.byte(frame.isLast ? 1 : 0);
      for (const [key, digest] of frame.entries) writer.text(key).raw(Buffer.from(digest, "base64url"));
      return writer.take();
    case "entries":
      writer.text(frame.log).text(frame.epoch);
      for (const { sequence, at, name, value } of frame.entries)
        writer
          .varint(sequence)
          .varint(at)
          .text(name)
          .sized(Buffer.from(JSON.stringify(value)));
      return writer.take();
    case "data":
      return writer.raw(frame.bytes).take();
    case "end":
      return writer.take();
  }
}
