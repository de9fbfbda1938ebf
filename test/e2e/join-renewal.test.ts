import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Background, eventually, Installation, skerry } from "./skerry.ts";

const lifeSeconds = 6;
let installation: Installation;
let home: string;
let node: Background | undefined;

beforeAll(async () => {
  installation = await Installation.create();
  home = join(installation.home, "../pi-7");
  await installation.start({ SKERRY_ENROLMENT_CLOUD__CERTIFICATE_SECONDS: String(lifeSeconds) });
  const { out } = await skerry(["token", "create", "-o", "json", "--home", installation.home]);
  const { token, url } = JSON.parse(out);
  expect((await skerry(["join", url, "--token", token, "--name", "pi-7", "--home", home])).code).toBe(0);
});

afterAll(async () => {
  await node?.stop();
  await installation.remove();
});

const status = async () => JSON.parse((await skerry(["status", "edge", "--home", home, "-o", "json"])).out).edge;

const start = () => {
  node = Background.skerry(["edge", "--home", home, "--set", "mqtt-aedes.listen.port=0"]);
};

const online = (what: string, seconds: number) =>
  eventually(what, async () => ((await status()).link.state === "online" ? status() : undefined), seconds);

it("a node renews its certificate while it runs, and its session goes on", async () => {
  start();
  const { certificate, link } = await online("the link", 20);
  const until = await eventually("the second renewal", async () => {
    const found = (await status()).certificate.until;
    return Date.parse(found) > Date.parse(certificate.until) + lifeSeconds * 1000 ? found : undefined;
  });
  expect(Date.parse(until)).toBeGreaterThan(Date.now());
  expect((await status()).link.since).toBe(link.since);
});

it("a node whose certificate ended while it was away renews it by that one thing it can still do, and is back", async () => {
  const { until } = (await status()).certificate;
  await node?.stop();
  await eventually("its end", async () => (Date.now() > Date.parse(until) ? true : undefined));
  start();
  const { certificate } = await online("the link", 20);
  expect(certificate).toMatchObject({ state: "valid", problem: null });
  expect(node?.output).toMatch(/renewed the certificate/);
});
