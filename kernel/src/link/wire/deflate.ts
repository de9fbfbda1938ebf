import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { budgets } from "./budgets.ts";
import { dictionary } from "./dictionary.ts";

/** Shorter frames gain too little for the 20 µs it takes. */
const worthBytes = 96;
/** Beyond this, speed counts more than the last percents. */
const longBytes = 64 * 1024;

/**
 * Raw DEFLATE (RFC 1951) of a frame by itself, with the dictionary of the wire version; no state is kept between frames,
 * nor by connections. `undefined`: the frame does not become smaller.
 */
export function deflated(frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < worthBytes) return undefined;
  const isLong = frame.length > longBytes;
  const level = isLong ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION;
  const bytes = deflateRawSync(frame, { dictionary, level, ...(isLong ? {} : { windowBits: 14, memLevel: 6 }) });
  return bytes.length < frame.length ? bytes : undefined;
}

/** The frame again; `undefined` when the bytes are no such thing, or it is over its budget. */
export function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, { dictionary, maxOutputLength: budgets.frameBytes });
  } catch {
    return undefined;
  }
}
