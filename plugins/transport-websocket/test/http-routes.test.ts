import { X509Certificate } from "node:crypto";
import type { HttpRoute, RouteRequest } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";
import { onceWorld, type TransportWorld } from "./transport-world.ts";

const never = new AbortController().signal;

/** A listener with one route, which keeps what it was asked and repeats the body. */
async function echoing(answer?: HttpRoute["answer"]) {
  const world = await onceWorld();
  const asked: RouteRequest[] = [];
  const value: HttpRoute = {
    path: "/echo",
    maximumBodyBytes: 100,
    answer:
      answer ??
      (async (request) => {
        asked.push(request);
        return { status: 200, body: { said: Buffer.from(request.body).toString() } };
      }),
  };
  world.routes = [{ plugin: "test", value }];
  const { address } = await world.cloud().listen(() => undefined);
  return { world, asked, address };
}

const cloudOf = async (world: TransportWorld, address: string) => ({
  url: `wss://${address}`,
  ca: (await world.authority.read("ca.crt")).toString(),
});

describe("a route at the link's port", () => {
  it("is told body, bearer token, address and certificate of who asks", async () => {
    const { world, asked, address } = await echoing();
    const answer = await world.requests(address).post({ path: "/echo", body: { a: 1 }, bearer: "s3cret" }, never);
    expect(answer).toEqual({ status: 200, body: { said: '{"a":1}' } });
    const [{ bearer, address: from, certificate } = {} as RouteRequest] = asked;
    expect([bearer, from]).toEqual(["s3cret", expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    expect(new X509Certificate(certificate ?? "").subject).toBe("CN=system:node:edge-1");
  });

  it("serves who has no certificate, and whose certificate has expired", async () => {
    const { world, asked, address } = await echoing();
    await world.requests("127.0.0.1:1").post({ path: "/echo", body: {}, cloud: await cloudOf(world, address) }, never);
    const expired = await world.authority.issue({ subject: "CN=system:node:late", usage: "client", expiresIn: -1 });
    await world.requests(address, expired).post({ path: "/echo", body: {} }, never);
    expect(asked.map(({ certificate }) => certificate && new X509Certificate(certificate).subject)).toEqual([
      undefined,
      "CN=system:node:late",
    ]);
  });

  it("is not reached by a longer body, another method or another path", async () => {
    const { world, asked, address } = await echoing();
    const requests = world.requests(address);
    const long = await requests.post({ path: "/echo", body: { text: "x".repeat(100) } }, never);
    expect(long).toEqual({ status: 413, body: { message: "a body has at most 100 bytes" } });
    expect((await requests.post({ path: "/other", body: {} }, never)).status).toBe(426);
    expect(asked).toEqual([]);
  });

  it("that fails answers 500 and says nothing of why, except in the log", async () => {
    const { world, address } = await echoing(() => Promise.reject(new Error("the reason")));
    const answer = await world.requests(address).post({ path: "/echo", body: {} }, never);
    expect(answer).toEqual({ status: 500, body: { message: "internal error" } });
    expect(world.log.records).toContainEqual(
      expect.objectContaining({ level: "error", message: "a request could not be answered" }),
    );
  });

  it("works on 32 requests at once; more are to come again", async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let running = 0;
    const { world, address } = await echoing(async () => {
      running += 1;
      await held;
      return { status: 200, body: {} };
    });
    const ask = () => world.requests(address).post({ path: "/echo", body: {} }, never);
    const all = Array.from({ length: 32 }, ask);
    await vi.waitFor(() => expect(running).toBe(32));
    expect((await ask()).status).toBe(503);
    finish();
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array(32).fill(200));
    expect((await ask()).status).toBe(200);
  });
});

describe("a request to the cloud", () => {
  it("goes to no server of another authority, and sends it nothing", async () => {
    const { world, asked, address } = await echoing();
    const other = await onceWorld();
    const cloud = await cloudOf(other, address);
    const asking = world.requests(address).post({ path: "/echo", body: {}, bearer: "s3cret", cloud }, never);
    await expect(asking).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_UNTRUSTED" });
    expect(asked).toEqual([]);
  });

  it("takes no answer without end, and none that is no object", async () => {
    const { world, address } = await echoing(async ({ body }) => ({
      status: 200,
      body: JSON.parse(Buffer.from(body).toString()).list ? ["no", "object"] : { text: "x".repeat(300_000) },
    }));
    const ask = (body: { list: boolean }) => world.requests(address).post({ path: "/echo", body }, never);
    const refused = (reason: string) => ({
      code: "SKERRY_TRANSPORT_REFUSED",
      details: { address, reason: expect.stringContaining(reason) },
    });
    await expect(ask({ list: false })).rejects.toMatchObject(refused("longer than 262144 bytes"));
    await expect(ask({ list: true })).rejects.toMatchObject(refused("without a JSON object"));
  });

  it("waits 10 s for an answer, and not when it is aborted", async () => {
    const { world, address } = await echoing(() => new Promise(() => undefined));
    const ask = (signal: AbortSignal) => world.requests(address).post({ path: "/echo", body: {} }, signal);
    const abort = new AbortController();
    const aborted = ask(abort.signal);
    abort.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    const late = ask(never);
    late.catch(() => undefined);
    await vi.waitFor(() => expect(world.clock.pending).toBeGreaterThan(1));
    await world.clock.advance(10_000);
    await expect(late).rejects.toMatchObject({ code: expect.stringMatching(/^SKERRY_TRANSPORT_UN/) });
  });
});
