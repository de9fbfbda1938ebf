import type { Connection } from "@skerry/contracts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { encodeHello, type Hello } from "../../src/link/wire/handshake.ts";
import { encodeMessage, heartbeat } from "../../src/link/wire/message.ts";
import type { LinkWorld } from "./link-world.ts";
import { Counter, messagesOf, type Seen, WireTap } from "./wire-tap.ts";

/** A connection to the cloud that says whatever a test likes. */
export async function dial(world: LinkWorld, identity: string) {
  const connection: Connection = await world.transport(identity).connect(new AbortController().signal);
  const tap = new WireTap();
  const counter = new Counter();
  const got: (Seen | undefined)[] = [];
  let closed: { code: number; reason: string } | undefined;
  connection.receive({
    frame: (bytes) => got.push(tap.see(bytes)),
    closed: (code, reason) => {
      closed = { code, reason };
    },
  });
  return {
    seen: () => got.filter((seen) => seen !== undefined),
    closed: () => closed,
    say: (message: Frame | Hello | { readonly type: "heartbeat" }) => {
      if (message.type === "hello") connection.send(encodeHello(message));
      else if (message.type === "heartbeat") connection.send(encodeMessage(heartbeat(counter.next())));
      else for (const bytes of messagesOf(message, counter)) connection.send(bytes);
    },
    raw: (bytes: Uint8Array) => connection.send(bytes),
    hangUp: () => connection.destroy(),
  };
}

export type Peer = Awaited<ReturnType<typeof dial>>;

export const hello = (node: string, versions = [1], root = "none"): Hello => ({ type: "hello", versions, node, root });
