import { describe, expect, it } from "vitest";
import { nodes } from "../src/cloud/kinds.ts";
import { parseToken } from "../src/shared/join-token.ts";
import { EnrolmentWorld } from "./enrolment-world.ts";

const usage = /\nusage: skerry /;

describe("skerry token", () => {
  it("create prints the command for the other machine, for one use within a day unless told otherwise", async () => {
    const cloud = await (await EnrolmentWorld.create()).cloud();
    const { code, out } = await cloud.skerry("token", "create");
    expect(code).toBe(0);
    const [, text = ""] = /^ {2}skerry join wss:\/\/cloud\.example\.org:7443 --token (\S+)$/m.exec(out) ?? [];
    const { id } = parseToken(text);
    expect(out).toContain(`The token ${id} is for one machine, until 2026-01-02T00:00:00.000Z.`);
    const data = JSON.parse(
      (await cloud.skerry("token", "create", "--node", "pi-7", "--ttl", "30m", "-o", "json")).out,
    );
    expect(data).toMatchObject({
      expires: "2026-01-01T00:30:00.000Z",
      uses: 1,
      node: "pi-7",
      url: "wss://cloud.example.org:7443",
    });
    expect((await cloud.skerry("token", "create", "--uses", "3")).out).toContain("is for 3 machines");
    expect((await cloud.skerry("token", "create", "--node", "pi-7")).out).toContain("is for the node pi-7");
  });

  it("create leaves a place for an address that nobody told it", async () => {
    const world = await EnrolmentWorld.create();
    world.settings = {};
    expect((await (await world.cloud()).skerry("token", "create")).out).toContain("skerry join wss://HOST:PORT ");
  });

  it("list shows who used which, and never a secret", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    expect(await cloud.skerry("token", "list")).toEqual({ code: 0, out: "", err: "There are no tokens.\n" });
    const used = await cloud.token();
    await world.clock.advance(1_000);
    await cloud.token("--ttl", "1m", "--node", "pi-8");
    await world.clock.advance(1_000);
    await cloud.token("--uses", "5");
    await cloud.join(used, { name: "pi-7" });
    await world.clock.advance(60_000);
    const { out } = await cloud.skerry("token", "list");
    expect(out.split("\n").map((line) => line.replace(/^\S+/, "").replaceAll(/ {2,}/g, " ").trim())).toEqual([
      "STATE FOR USED EXPIRES BY",
      "used any 1/1 2026-01-02T00:00:00.000Z pi-7",
      "expired pi-8 0/1 2026-01-01T00:01:01.000Z",
      "usable any 0/5 2026-01-02T00:00:02.000Z",
      "",
    ]);
    expect(out).not.toContain(used.split(".")[2]);
  });

  it("create takes away those that have expired", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    await cloud.token("--ttl", "1m");
    await world.clock.advance(60_000);
    await cloud.token();
    expect(JSON.parse((await cloud.skerry("token", "list", "-o", "json")).out)).toHaveLength(1);
  });

  it.each([
    [["create", "--ttl", "yesterday"], "--ttl takes"],
    [["create", "--ttl", "0h"], "--ttl takes"],
    [["create", "--ttl", "366d"], "--ttl takes"],
    [["create", "--uses", "0"], "--uses takes"],
    [["create", "--uses", "many"], "--uses takes"],
    [["create", "--node", "Pi 7"], "--node takes"],
    [["create", "--nod", "a"], "Unknown option"],
    [["create", "a"], "unexpected"],
    [["list", "-o", "xml"], "-o takes"],
    [["revoke"], "unexpected"],
    [[], "create, list or revoke?"],
  ])("refuses %j", async (words, problem) => {
    const cloud = await (await EnrolmentWorld.create()).cloud();
    const { code, err } = await cloud.skerry("token", ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(usage)]);
    expect(err).toContain(problem);
  });

  it.each(["00000000", "../nodes", "x"])("revoke knows no token %s", async (id) => {
    const cloud = await (await EnrolmentWorld.create()).cloud();
    await expect(cloud.skerry("token", "revoke", id)).rejects.toMatchObject({ code: "SKERRY_ENROLMENT_NO_SUCH" });
  });
});

describe("skerry node", () => {
  it("list shows every node and how long it may come in", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    expect((await cloud.skerry("node", "list")).err).toBe("There are no nodes.\n");
    world.kube.seed({ apiVersion: "v1", kind: "Node", metadata: { name: "by-hand" } }, nodes);
    for (const name of ["pi-1", "pi-2"]) await cloud.join(await cloud.token(), { name });
    await cloud.skerry("node", "revoke", "pi-2");
    await world.clock.advance(1);
    const states = async () =>
      JSON.parse((await cloud.skerry("node", "list", "-o", "json")).out).map(
        ({ node, certificate }: Record<string, string>) => `${node} ${certificate}`,
      );
    expect(await states()).toEqual(["by-hand not from here", "pi-1 valid", "pi-2 revoked"]);
    await world.clock.advance(8 * 86_400_000);
    expect((await states())[1]).toBe("pi-1 renewable");
    await world.clock.advance(30 * 86_400_000);
    expect((await states())[1]).toBe("pi-1 expired");
  });

  it("revoke also keeps out a node that did not join by a token, and knows no other", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    world.kube.seed({ apiVersion: "v1", kind: "Node", metadata: { name: "by-hand" } }, nodes);
    expect((await cloud.skerry("node", "revoke", "by-hand")).out).toMatch(/^node by-hand revoked/);
    await world.clock.advance(1);
    expect(await cloud.refusal({ identity: "system:node:by-hand", serial: "AB" })).toMatch(/revoked/);
    await expect(cloud.skerry("node", "revoke", "nobody")).rejects.toMatchObject({ code: "SKERRY_ENROLMENT_NO_SUCH" });
  });

  it.each([[["revoke"]], [["list", "a"]], [[]], [["list", "--all"]]])("refuses %j", async (words) => {
    const cloud = await (await EnrolmentWorld.create()).cloud();
    const { code, err } = await cloud.skerry("node", ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(usage)]);
  });
});
