import { type Peer, type PeerGuard, peerGuardPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { expect, it } from "vitest";
import { LinkWorld } from "./link-world.ts";

const reason = "the certificate was revoked";

/** Refuses whom a test tells it to. */
class Guard implements PeerGuard {
  answer: (peer: Peer) => Promise<string | undefined> = async () => undefined;
  #changed: ((identity: string) => void) | undefined;
  refusal(peer: Peer) {
    return this.answer(peer);
  }
  watch(changed: (identity: string) => void): Disposable {
    this.#changed = changed;
    return { [Symbol.dispose]: () => undefined };
  }
  changed(identity: string): void {
    this.#changed?.(identity);
  }
}

async function guarded() {
  const guard = new Guard();
  const manifest = { id: "test-guard", summary: "of a test", sdk: "^0.1.0", contributes: [peerGuardPoint.id] };
  class Guards implements PeerGuard {
    refusal = (peer: Peer) => guard.refusal(peer);
    watch = (changed: (identity: string) => void) => guard.watch(changed);
  }
  const world = new LinkWorld();
  const cloud = await world.cloud(definePlugin(manifest, (scope) => scope.contribute(peerGuardPoint, Guards)));
  return { guard, world, ...cloud };
}

it("a node that a guard refuses does not come in, and learns why", async () => {
  const { guard, world, kernel, sessions } = await guarded();
  guard.answer = async ({ identity }) => (identity === "system:node:edge-2" ? reason : undefined);
  const welcome = await world.edge("edge-1");
  const refused = await world.edge("edge-2");
  await world.clock.advance(100);
  expect(sessions.list().map(({ node }) => node)).toEqual(["edge-1"]);
  expect([welcome.link.current().state, refused.link.current()]).toEqual([
    "online",
    expect.objectContaining({ state: "offline", code: "identity", reason: expect.stringContaining(reason) }),
  ]);
  for (const node of [welcome.kernel, refused.kernel, kernel]) await node.stop();
});

it("an open session ends when its guard says so, and no other does", async () => {
  const { guard, world, kernel, sessions } = await guarded();
  const [one, two] = [await world.edge("edge-1"), await world.edge("edge-2")];
  await world.clock.advance(100);
  guard.answer = async ({ identity }) => (identity === "system:node:edge-1" ? reason : undefined);
  for (const identity of ["system:node:edge-1", "system:node:edge-2"]) guard.changed(identity);
  await world.clock.advance(100);
  expect(sessions.list().map(({ node }) => node)).toEqual(["edge-2"]);
  expect(one.link.current()).toMatchObject({ state: "offline", code: "identity" });
  guard.answer = async () => undefined;
  await world.clock.advance(30_000);
  expect(sessions.list().length).toBe(2);
  for (const node of [one.kernel, two.kernel, kernel]) await node.stop();
});

it("a node is looked at again when it changed while it waited at the door", async () => {
  const { guard, world, kernel, sessions } = await guarded();
  let answer: (reason: string | undefined) => void = () => undefined;
  guard.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const edge = await world.edge("edge-1");
  const before = answer;
  guard.answer = async () => reason;
  guard.changed("system:node:edge-1");
  before(undefined);
  await world.clock.advance(10);
  expect(sessions.list()).toEqual([]);
  for (const node of [edge.kernel, kernel]) await node.stop();
});

it.each([
  ["fails", () => Promise.reject(new Error("the API is away"))],
  ["does not answer", () => new Promise<undefined>(() => undefined)],
])("a node waits outside while a guard %s, and comes in when it can tell", async (_, answer) => {
  const { guard, world, kernel, sessions } = await guarded();
  guard.answer = answer;
  const edge = await world.edge("edge-1");
  await world.clock.advance(6_000);
  expect(sessions.list()).toEqual([]);
  guard.answer = async () => undefined;
  await world.clock.advance(10_000);
  expect(sessions.list().map(({ node }) => node)).toEqual(["edge-1"]);
  for (const node of [edge.kernel, kernel]) await node.stop();
});
