import type { Connection, ConnectionReceiver } from "@skerry/contracts";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { InterestEngine } from "../../../kernel/src/autonomy/interest-engine.ts";
import { Admission } from "../../../kernel/src/link/cloud/admission.ts";
import { CloudSession } from "../../../kernel/src/link/cloud/cloud-session.ts";
import { FeedMemory } from "../../../kernel/src/link/cloud/feed-memory.ts";
import { LogIntake } from "../../../kernel/src/link/cloud/log-intake.ts";
import { StateIntake } from "../../../kernel/src/link/cloud/state-intake.ts";
import { decodeFrame } from "../../../kernel/src/link/wire/decode.ts";
import { inflated } from "../../../kernel/src/link/wire/deflate.ts";
import { decodeHandshake } from "../../../kernel/src/link/wire/handshake.ts";
import { decodeMessage } from "../../../kernel/src/link/wire/message.ts";
import type { Decoders } from "./decoders.ts";

/** The first byte is the lane. */
function frame(bytes: Uint8Array): boolean {
  return decodeFrame((bytes[0] ?? 0) % 4, bytes.subarray(1)) !== undefined;
}

function deflatedFrame(bytes: Uint8Array): boolean {
  const whole = inflated(bytes);
  return whole !== undefined && decodeFrame(1, whole) !== undefined;
}

/** A whole session with the cloud: messages, each with its length in two bytes before it. Taken: it is still open. */
async function session(bytes: Uint8Array): Promise<boolean> {
  const clock = new FakeClock();
  const log = new RecordingLogger();
  const random = new SeededRandom(1);
  let receiver: ConnectionReceiver | undefined;
  let isOpen = true;
  const connection: Connection = {
    peer: { identity: "system:node:edge-1", address: "127.0.0.1:1" },
    send: (_, taken) => queueMicrotask(() => taken?.()),
    receive: (given) => {
      receiver = given;
    },
    close: (code, reason) => {
      isOpen = false;
      receiver?.closed(code, reason);
    },
    destroy: () => {
      isOpen = false;
      receiver?.closed(1006, "");
    },
  };
  const engine = new InterestEngine(() => undefined, { bytes: 1_000_000, exceeded: () => undefined });
  const [intake, logs] = [new StateIntake(clock, random, log), new LogIntake(clock, random, log)];
  const received: unknown[] = [];
  intake.serve(new Map([["twin", { type: "twin", receive: async (report) => void received.push(report) }]]));
  logs.serve(new Map([["event", { type: "event", receive: async (batch) => void received.push(batch) }]]));
  const memory = new FeedMemory({ feeds: 2, keysPerFeed: 10 });
  const limits = { atOnce: 8, waiting: 8, waitMs: 1_000, turnMs: 2_000 };
  const admission = new Admission(clock, random, limits);
  const parts = {
    clock,
    random,
    engine,
    memory,
    intake,
    logs,
    admission,
    heartbeatMs: 5_000,
    current: async () => undefined,
  };
  new CloudSession(connection, parts, { accepted: () => undefined, ended: () => undefined });
  for (let at = 0; at + 2 <= bytes.length && isOpen; ) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    receiver?.frame(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  await clock.advance(10);
  const stayed = isOpen;
  connection.destroy();
  return stayed;
}

export const linkTargets: Decoders = {
  "link-handshake": (bytes) => decodeHandshake(bytes) !== undefined,
  "link-message": (bytes) => decodeMessage(bytes) !== undefined,
  "link-frame": frame,
  "link-deflated": deflatedFrame,
  "link-session": session,
};
