import type { ServerResponse } from "node:http";
import type { Resource } from "@skerry/contracts";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { KubeClient, KubeHttp } from "../src/index.ts";
import { backOff } from "../src/watch/back-off.ts";
import { answer, startScriptedApi } from "./scripted-api.ts";

const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const object = (name: string, version: number, uid = "1") => ({
  metadata: { name, namespace: "default", uid, resourceVersion: String(version) },
});
const event = (type: string, it: object) => `${JSON.stringify({ type, object: it })}\n`;

/** A watch over a server whose lists the test sets, and whose watches it holds. */
async function startWatch() {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const state = { items: [object("a", 1), object("b", 2)], version: 5, listStatus: 200, gone: "" };
  const watches: { readonly response: ServerResponse; readonly from: string | null }[] = [];
  const api = await startScriptedApi((_, response, { pathname, searchParams }) => {
    const name = pathname.split("/configmaps/")[1];
    const found = state.items.find(({ metadata }) => metadata.name === name && name !== state.gone);
    if (name !== undefined) return answer(response, found ? 200 : 404, found ?? { message: "not found" });
    if (searchParams.get("watch") !== "true") {
      const metadata = { resourceVersion: String(state.version) };
      return answer(response, state.listStatus, { items: state.items, metadata, message: "not now" });
    }
    watches.push({ response, from: searchParams.get("resourceVersion") });
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
  });
  const http = new KubeHttp(api.endpoint, clock);
  const client = new KubeClient(http, clock, new SeededRandom(), logger);
  const log: string[] = [];
  const start = () =>
    client.watch(configMaps, {
      upsert: ({ metadata }) => {
        log.push(`+${metadata.name}${metadata.resourceVersion}`);
        if (metadata.name === "bad") throw new Error("a bug");
      },
      remove: ({ metadata }) => log.push(`-${metadata.name}${metadata.resourceVersion}`),
      synced: () => log.push("synced"),
    });
  const stop = async () => {
    await client.stop();
    await http.stop();
  };
  onTestFinished(stop);
  const watch = start();
  /** The n-th watch request, while virtual time passes. */
  const nth = (count: number) =>
    vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(watches.length).toBeGreaterThanOrEqual(count);
      return watches[count - 1] as (typeof watches)[number];
    });
  return { ...api, client, clock, logger, state, watches, log, watch, nth, stop };
}

describe("a watch", () => {
  it("lists, then follows from the version of the list", async () => {
    const { log, nth, requests } = await startWatch();
    const { response, from } = await nth(1);
    expect(from).toBe("5");
    expect(requests[1]).toMatch(/watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=\d{3}$/);
    response.write(event("ADDED", object("c", 6)) + event("MODIFIED", object("a", 7)).slice(0, 20));
    response.write(event("MODIFIED", object("a", 7)).slice(20) + event("DELETED", object("b", 8)));
    await vi.waitFor(() => expect(log).toEqual(["+a1", "+b2", "synced", "+c6", "+a7", "-b8"]));
  });

  it("goes on where it was when the connection ends, bookmarks included, without listing", async () => {
    const { log, nth, requests } = await startWatch();
    const first = await nth(1);
    first.response.write(event("ADDED", object("c", 6)) + event("BOOKMARK", { metadata: { resourceVersion: "9" } }));
    await vi.waitFor(() => expect(log).toContain("+c6"));
    first.response.destroy();
    const second = await nth(2);
    expect(second.from).toBe("9");
    second.response.write(event("MODIFIED", object("c", 10)));
    second.response.end(event("ADDED", object("cut", 11)).slice(0, 15));
    const third = await nth(3);
    expect(third.from).toBe("10");
    expect(log).toEqual(["+a1", "+b2", "synced", "+c6", "+c10"]);
    expect(requests.filter((request) => !request.includes("watch=true"))).toHaveLength(1);
  });

  it.each([
    ["an event", (response: ServerResponse) => response.write(event("ERROR", { code: 410, message: "too old" }))],
    ["a broken event", (response: ServerResponse) => response.write("{what\n")],
    ["an error event", (response: ServerResponse) => response.write(event("ERROR", { code: 422, message: "no" }))],
  ])("lists anew after %s and tells the difference, removals too", async (_, breakIt) => {
    const { log, nth, state } = await startWatch();
    const { response } = await nth(1);
    state.items = [object("b", 2), object("c", 6), object("a", 7, "another")];
    state.version = 8;
    breakIt(response);
    const { from } = await nth(2);
    expect(from).toBe("8");
    expect(log).toEqual(["+a1", "+b2", "synced", "+c6", "-a1", "+a7"]);
  });

  it("waits longer and longer while it fails, says so once, and says when it works again", async () => {
    const { log, clock, logger, requests, state, nth } = await startWatch();
    (await nth(1)).response.end(event("ERROR", { code: 410 }));
    state.listStatus = 503;
    await vi.waitFor(async () => {
      await clock.advance(60_000);
      expect(requests.length).toBeGreaterThan(10);
    });
    expect(logger.records.map(({ level }) => level)).toEqual(["warn"]);
    expect(logger.records[0]?.message).toMatch(/watch of configmaps failed and is tried again: .*not now \(503\)/);
    state.listStatus = 200;
    await vi.waitFor(async () => {
      await clock.advance(60_000);
      expect(logger.records.map(({ level }) => level)).toEqual(["warn", "info"]);
    });
    expect(log).toEqual(["+a1", "+b2", "synced"]);
  });

  it("does not trust a silent connection", async () => {
    const { clock, nth, watches } = await startWatch();
    const { response } = await nth(1);
    await clock.advance(80_000);
    response.write(event("BOOKMARK", { metadata: { resourceVersion: "6" } }));
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await clock.advance(80_000);
    expect(watches).toHaveLength(1);
    const second = await nth(2);
    expect(second.from).toBe("6");
  });

  it("goes on when a handler throws", async () => {
    const { log, logger, nth } = await startWatch();
    const { response } = await nth(1);
    response.write(event("ADDED", object("bad", 6)) + event("ADDED", object("good", 7)));
    await vi.waitFor(() => expect(log.slice(3)).toEqual(["+bad6", "+good7"]));
    expect(logger.records).toMatchObject([{ level: "error", message: expect.stringContaining("handler") }]);
  });

  it("ends its connection when it is disposed", async () => {
    const { log, nth, watch, clock } = await startWatch();
    const { response } = await nth(1);
    watch[Symbol.dispose]();
    await vi.waitFor(() => expect(response.destroyed).toBe(true));
    await clock.advance(600_000);
    expect(clock.pending).toBe(0);
    expect(log).toEqual(["+a1", "+b2", "synced"]);
  });

  it("ends with the plugin, also while it waits", async () => {
    const { state, stop, nth, clock, logger } = await startWatch();
    const { response } = await nth(1);
    state.listStatus = 503;
    response.end(event("ERROR", { code: 410 }));
    await vi.waitFor(() => expect(logger.records).toHaveLength(1));
    expect(clock.pending).toBe(1);
    await stop();
    expect(clock.pending).toBe(0);
  });
});

describe("a watch that has to be current", () => {
  const never = new AbortController().signal;

  it("asks for the version of the collection, and nothing more when it has seen that", async () => {
    const { client, clock, nth, requests, state } = await startWatch();
    const { response } = await nth(1);
    await client.current(never);
    expect(requests.slice(2)).toEqual(["GET /api/v1/configmaps?limit=1"]);
    response.write(event("BOOKMARK", { metadata: { resourceVersion: "9" } }));
    state.version = 9;
    await clock.advance(1_000);
    await client.current(never);
    expect(requests.slice(3)).toEqual(["GET /api/v1/configmaps?limit=1"]);
  });

  it("waits for an event that is on its way", async () => {
    const { client, clock, log, nth, requests, state } = await startWatch();
    const { response } = await nth(1);
    state.version = 6;
    const current = client.current(never);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    response.write(event("MODIFIED", object("a", 6)));
    await current;
    expect(log.at(-1)).toBe("+a6");
    await clock.advance(1_000);
    expect(requests).toHaveLength(3);
  });

  it("that stays behind fetches what is new, by metadata, and leaves aside what its stream tells late", async () => {
    const { client, clock, log, nth, requests, state } = await startWatch();
    const { response } = await nth(1);
    log.length = 0;
    state.items = [object("a", 7), object("c", 8)];
    state.version = 9;
    let isCurrent = false;
    const current = client.current(never).then(() => {
      isCurrent = true;
    });
    await vi.waitFor(async () => {
      await clock.advance(10);
      expect(isCurrent).toBe(true);
    });
    await current;
    expect(log).toEqual(["-b2", "+a7", "+c8"]);
    expect(requests.slice(3)).toEqual([
      "GET /api/v1/configmaps?limit=500",
      "GET /api/v1/namespaces/default/configmaps/a",
      "GET /api/v1/namespaces/default/configmaps/c",
    ]);
    response.write(
      event("MODIFIED", object("a", 6)) + event("ADDED", object("d", 6)) + event("DELETED", object("d", 7)),
    );
    response.write(
      event("MODIFIED", object("a", 7)) + event("DELETED", object("b", 9)) + event("ADDED", object("e", 10)),
    );
    await vi.waitFor(() => expect(log.slice(3)).toEqual(["+e10"]));
    await clock.advance(1_000);
    const before = requests.length;
    state.version = 10;
    await client.current(never);
    expect(requests.slice(before)).toEqual(["GET /api/v1/configmaps?limit=1"]);
  });

  it("lists where much is new, or something is gone again", async () => {
    const { client, clock, log, nth, requests, state } = await startWatch();
    await nth(1);
    const isCurrent = async () => {
      let is = false;
      const current = client.current(never).then(() => {
        is = true;
      });
      await vi.waitFor(async () => {
        await clock.advance(10);
        expect(is).toBe(true);
      });
      await current;
    };
    state.items = Array.from({ length: 60 }, (_, index) => object(`n${index}`, 10 + index));
    state.version = 100;
    await isCurrent();
    expect(log).toHaveLength(3 + 2 + 60);
    expect(requests.slice(2)).toEqual([
      "GET /api/v1/configmaps?limit=1",
      "GET /api/v1/configmaps?limit=500",
      "GET /api/v1/configmaps?limit=500",
    ]);
    state.items = [...state.items, object("gone", 101)];
    state.gone = "gone";
    state.version = 102;
    await clock.advance(1_000);
    log.length = 0;
    await isCurrent();
    expect(log).toEqual(["+gone101"]);
    expect(requests.at(-1)).toBe("GET /api/v1/configmaps?limit=500");
  });
});

it("backs off with full jitter, up to half a minute", () => {
  const half = { next: () => 0.5, bytes: () => new Uint8Array(), uuid: () => "" };
  expect([0, 1, 2, 5, 50].map((failures) => backOff(failures, half))).toEqual([0, 200, 400, 3200, 15_000]);
});
