import type { Connection } from "@skerry/contracts";
import { decodeFrame } from "../../src/link/decode.ts";
import { encodeFrame } from "../../src/link/encode.ts";
import type { Frame } from "../../src/link/frames.ts";
import type { LinkWorld } from "./link-world.ts";

/** A connection to the cloud that says whatever a test likes. */
export async function dial(world: LinkWorld, identity: string) {
  const connection: Connection = await world.transport(identity).connect(new AbortController().signal);
  const got: Uint8Array[] = [];
  let closed: { code: number; reason: string } | undefined;
  connection.receive({
    frame: (bytes) => got.push(bytes),
    closed: (code, reason) => {
      closed = { code, reason };
    },
  });
  return {
    frames: () => got.map((bytes) => decodeFrame(bytes)?.type),
    closed: () => closed,
    say: (frame: Frame) => connection.send(encodeFrame(frame)),
    raw: (bytes: Uint8Array) => connection.send(bytes),
  };
}

export const hello = (node: string, versions = [0]): Frame => ({ type: "hello", versions, node, root: "none" });
