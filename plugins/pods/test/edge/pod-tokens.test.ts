import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MemoryStorage } from "@skerry/storage-memory";
import { describe, expect, it } from "vitest";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const seconds = 1000;
const minute = 60 * seconds;
const hour = 60 * minute;

function podWith(...sources: readonly object[]) {
  const volumeMounts = [{ name: "access", mountPath: "/var/run/secrets/tokens" }];
  const projected = { sources: sources.map((serviceAccountToken) => ({ serviceAccountToken })), defaultMode: 0o440 };
  return podObject({
    serviceAccountName: "robot",
    containers: [container({ volumeMounts })],
    volumes: [{ name: "access", projected }],
  });
}

const source = { path: "token", expirationSeconds: 3600 };
const folder = "pods/uid-1/volumes/kubernetes.io~projected/access";
const token = (world: EdgeWorld, path = "token") => readFile(join(world.home, folder, path), "utf8");
const stored = async (world: EdgeWorld) =>
  (await (await new MemoryStorage(world.disk).open("pod-tokens")).range()).map(({ key, value }) => ({ key, value }));
const away = "the cloud cannot be asked for a token: there is no link";

describe("a token of a Pod's ServiceAccount", () => {
  it("is a file of the volume, with its mode, before the Pod's containers begin", async () => {
    const world = await EdgeWorld.start(podWith(source, { path: "deep/vault", audience: "vault" }));
    expect(world.status().phase).toBe("Running");
    expect([await token(world), await token(world, "deep/vault")]).toEqual(["token-1", "token-2"]);
    expect((await stat(join(world.home, folder, "token"))).mode & 0o777).toBe(0o440);
    const pod = { namespace: "default", name: "web", uid: "uid-1" };
    expect(world.tokens.requests).toEqual([
      { pod, audience: "", expirationSeconds: 3600 },
      { pod, audience: "vault", expirationSeconds: 3600 },
    ]);
    expect(world.events().filter((event) => event.includes("Unsupported"))).toEqual([]);
  });

  it("is renewed after 80 % of its life, in place and at once", async () => {
    const world = await EdgeWorld.start(podWith(source));
    await world.advance(48 * minute - 1);
    expect(await token(world)).toBe("token-1");
    await world.advance(1);
    expect(await token(world)).toBe("token-2");
    expect((await readdir(join(world.home, folder))).sort()).toEqual(["..data", "..two", "token"]);
    expect(world.main()?.restartCount).toBe(0);
    await world.advance(48 * minute);
    expect(await token(world)).toBe("token-3");
  });

  it("that lives long is renewed after a day", async () => {
    const world = await EdgeWorld.start(podWith({ ...source, expirationSeconds: 30 * 86_400 }));
    await world.advance(24 * hour - 1);
    expect(world.tokens.requests).toHaveLength(1);
    await world.advance(1);
    expect(await token(world)).toBe("token-2");
  });

  it("that is refused keeps the Pod waiting, says why, and is asked for again", async () => {
    const world = await EdgeWorld.start();
    world.tokens.refusal = 'serviceaccounts "robot" not found';
    await world.put(podWith(source));
    const problem = 'failed to fetch token: serviceaccounts "robot" not found';
    const message = `MountVolume.SetUp failed for volume "access" : ${problem}`;
    expect(world.main()?.state.waiting).toEqual({ reason: "ContainerCreating", message });
    expect(world.events()).toEqual([`1 FailedMount: ${message}`]);
    await world.put(podWith(source));
    expect(world.tokens.requests).toHaveLength(1);
    world.tokens.refusal = undefined;
    await world.advance(10 * seconds);
    expect(await token(world)).toBe("token-2");
    expect(world.status().phase).toBe("Running");
  });

  it("stays past its end while there is no cloud, is said to have expired once, and is renewed on return", async () => {
    const world = await EdgeWorld.start(podWith(source));
    world.tokens.refusal = "away";
    await world.advance(hour - 1);
    const expired = () => world.events().filter((event) => event.includes("ServiceAccountTokenExpired"));
    expect(expired()).toEqual([]);
    await world.advance(1);
    for (let hours = 0; hours < 5; hours += 1) await world.advance(hour);
    await world.put(podWith(source));
    expect(expired()).toEqual([
      `1 ServiceAccountTokenExpired: the token of serviceaccount "robot" expired at 2026-01-01T01:00:00Z and stays in place until there is another: ${away}`,
    ]);
    expect(await token(world)).toBe("token-1");
    expect(world.status().phase).toBe("Running");
    world.tokens.open();
    await world.settle();
    expect(await token(world)).toBe("token-2");
  });

  it("lies sealed on the disk, and is there after a reboot without a cloud", async () => {
    const world = await EdgeWorld.start(podWith(source));
    const [entry] = await stored(world);
    expect(entry?.key).toBe("uid-1/3600/");
    expect(Buffer.from(entry?.value ?? []).toString("latin1")).not.toContain("token-1");
    world.tokens.refusal = "away";
    await world.restart("killed");
    expect(await token(world)).toBe("token-1");
    expect(world.status().phase).toBe("Running");
    expect(world.tokens.requests).toHaveLength(1);
  });

  it("that was damaged on the disk is asked for again", async () => {
    const world = await EdgeWorld.start(podWith(source));
    const store = await new MemoryStorage(world.disk).open("pod-tokens");
    await store.write([{ type: "put", key: "uid-1/3600/", value: Uint8Array.of(1, 2, 3) }]);
    await world.restart("stopped");
    expect(await token(world)).toBe("token-2");
  });

  it("received in what is now the future is renewed: the clock was set back", async () => {
    const world = await EdgeWorld.start(podWith(source));
    world.clock.setWall(world.clock.now() - 30 * 24 * hour);
    await world.put(podWith(source));
    expect(await token(world)).toBe("token-2");
  });

  it("is forgotten with its Pod, on disk too", async () => {
    const pod = podWith(source);
    const world = await EdgeWorld.start(pod);
    expect(await stored(world)).toHaveLength(1);
    await world.remove(pod);
    await world.exit("main", 0);
    await world.advance(40 * seconds);
    expect(await world.exists("pods/uid-1")).toBe(false);
    expect(await stored(world)).toEqual([]);
  });

  it("of a Pod that went while the node was off is forgotten at its start", async () => {
    const world = await EdgeWorld.start();
    const store = await new MemoryStorage(world.disk).open("pod-tokens");
    const kept = new TextEncoder().encode(JSON.stringify({ token: "t", receivedAt: 0, lifetimeMs: 1 }));
    const key = "uid-9/3600/";
    await store.write([{ type: "put", key, value: world.sealer.seal(kept, `pod-token ${key}`) }]);
    await world.restart("stopped");
    expect(await stored(world)).toEqual([]);
  });
});
