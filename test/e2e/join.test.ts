import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Kube } from "./clients.ts";
import { Background, eventually, Installation, skerry } from "./skerry.ts";

let installation: Installation;
let kube: Kube;
const nodes: Background[] = [];

beforeAll(async () => {
  installation = await Installation.create();
  // As another machine would reach it.
  kube = await Kube.from((await installation.start({}, "--address", "127.0.0.2")).kubeconfig);
});

afterAll(async () => {
  for (const node of nodes) await node.stop();
  await installation.remove();
});

const cloud = async (...words: readonly string[]) => skerry([...words, "--home", installation.home]);
const homeOf = (name: string) => join(installation.home, "..", name);

async function newToken(...options: readonly string[]): Promise<{ token: string; url: string }> {
  return JSON.parse((await cloud("token", "create", "-o", "json", ...options)).out);
}

function start(name: string): Background {
  const node = Background.skerry(["edge", "--home", homeOf(name), "--set", "mqtt-aedes.listen.port=0"]);
  nodes.push(node);
  return node;
}

const statusOf = async (name: string) =>
  JSON.parse((await skerry(["status", "edge", "--home", homeOf(name), "-o", "json"])).out).edge;

const isReady = async (name: string) => {
  const { status, body } = await kube.get(`/api/v1/nodes/${name}`);
  const ready = body.status?.conditions?.find((condition: { type: string }) => condition.type === "Ready");
  return status === 200 && ready?.status === "True" ? true : undefined;
};

/** The guide's commands, in order. */
const guide = async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/guides/join-a-node.md"), "utf8");
  return [...text.matchAll(/^(?:npx )?skerry (.+)$/gm)].map(([, command = ""]) => command);
};

it("the guide's commands are those of this test", async () => {
  const known = [
    /^up --address /,
    /^token (create|list|revoke)( |$)/,
    /^join wss:/,
    /^edge$/,
    /^node (list|revoke pi-7)$/,
    /^status$/,
  ];
  for (const command of await guide())
    expect(
      known.some((one) => one.test(command)),
      command,
    ).toBe(true);
});

it("a machine joins by the printed command, and is a Ready node", async () => {
  const { out } = await cloud("token", "create");
  const [, command = ""] = /^ {2}skerry (join .+)$/m.exec(out) ?? [];
  expect(command).toMatch(/^join wss:\/\/127\.0\.0\.2:\d+ --token skerry\./);
  const joined = await skerry([...command.split(" "), "--name", "pi-7", "--home", homeOf("pi-7")]);
  expect(joined).toMatchObject({ code: 0, err: "", out: expect.stringContaining("this machine is its node pi-7") });
  expect(joined.out).toContain(`skerry edge --home ${homeOf("pi-7")}`);
  const pki = join(homeOf("pi-7"), "edge/pki");
  expect((await readdir(pki)).sort()).toEqual(["ca.crt", "node.pem"]);
  const modes = [(await stat(pki)).mode & 0o777, (await stat(join(pki, "node.pem"))).mode & 0o777];
  expect(modes).toEqual([0o700, 0o600]);

  start("pi-7");
  await eventually("a Ready node", () => isReady("pi-7"), 20);
  expect((await statusOf("pi-7")).certificate).toMatchObject({ node: "pi-7", state: "valid", problem: null });
  expect((await cloud("node", "list")).out).toMatch(/pi-7 +valid/);

  const again = await skerry([...command.split(" "), "--name", "pi-8", "--home", homeOf("pi-8")]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("has been used up, by pi-7") });
  expect(existsSync(join(homeOf("pi-8"), "edge/settings.yaml"))).toBe(false);
});

it("a machine that somebody else waits for, in the cloud's place, tells it nothing", async () => {
  const other = await Installation.create();
  try {
    await other.start();
    const { link } = JSON.parse(await readFile(join(other.home, "ports.json"), "utf8"));
    const { token } = await newToken();
    const refused = await skerry(["join", `wss://127.0.0.1:${link}`, "--token", token, "--home", homeOf("lured")]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("signed by an unknown authority") });
    const { out } = await skerry(["token", "list", "--home", other.home]);
    expect(out).toBe("");
    expect((await cloud("token", "list")).out).toContain("usable");
  } finally {
    await other.remove();
  }
});

it("a revoked node is out at once, and in again when it joins with a token of its own, without a restart", async () => {
  expect((await cloud("node", "revoke", "pi-7")).code).toBe(0);
  const revoked = Date.now();
  const link = await eventually("the end of the session", async () => {
    const found = (await statusOf("pi-7")).link;
    return found.state === "offline" ? found : undefined;
  });
  expect(Date.now() - revoked).toBeLessThan(5_000);
  expect(link).toMatchObject({ code: "identity", reason: expect.stringContaining("were revoked on") });
  const { token, url } = await newToken("--node", "pi-7");
  const file = homeOf("token");
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  expect((await skerry(["join", url, "--token-file", file, "--home", homeOf("pi-7")])).code).toBe(0);
  await eventually("the link", async () => ((await statusOf("pi-7")).link.state === "online" ? true : undefined), 20);
  await eventually("a Ready node", () => isReady("pi-7"), 20);
});

it("what is wrong with a command is said, with what to do", async () => {
  const { token, url } = await newToken();
  const join = (...words: readonly string[]) => skerry(["join", ...words, "--home", homeOf("wrong")]);
  const usage = { code: 2, err: expect.stringMatching(/--token|usage/) };
  expect(await join()).toMatchObject(usage);
  expect(await join(url)).toMatchObject(usage);
  expect(await join(url, "--token", token, "--token-file", "x")).toMatchObject(usage);
  expect(await join(url, "--token", token.slice(0, -20))).toMatchObject({
    code: 1,
    err: expect.stringContaining("cut off"),
  });
  expect(await join("https://cloud:1", "--token", token)).toMatchObject({
    code: 1,
    err: expect.stringContaining("wss://"),
  });
  expect(await join("wss://127.0.0.1:1", "--token", token)).toMatchObject({
    code: 1,
    err: expect.stringContaining("nobody listens there"),
  });
  expect(await join(url, "--token-file", homeOf("nothing"))).toMatchObject({
    code: 1,
    err: expect.stringContaining("ENOENT"),
  });
  const other = await skerry(["join", url, "--token", token, "--name", "other", "--home", homeOf("pi-7")]);
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining("is that of the node pi-7, not of other") });
});

it("the key stays when an answer is lost, and is shown in no log", async () => {
  const { token } = await newToken();
  const { url } = await newToken();
  await mkdir(join(homeOf("killed"), "edge"), { recursive: true });
  await skerry(["join", "wss://127.0.0.1:1", "--token", token, "--home", homeOf("killed"), "--name", "killed"]);
  const kept = await readFile(join(homeOf("killed"), "edge/pki/join.key"), "utf8");
  expect((await stat(join(homeOf("killed"), "edge/pki/join.key"))).mode & 0o777).toBe(0o600);
  const told = await new Promise<string>((done) => {
    const args = [
      "dist/bundle/skerry.cjs",
      "join",
      url,
      "--token",
      token,
      "--home",
      homeOf("killed"),
      "--name",
      "killed",
    ];
    const child = spawn(process.execPath, args, {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, SKERRY_DEBUG: "1" },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    child.once("close", () => done(text));
  });
  const pem = await readFile(join(homeOf("killed"), "edge/pki/node.pem"), "utf8");
  expect(pem).toContain(kept.trim());
  const logs = await readFile(join(installation.home, "logs/cloud.log"), "utf8");
  expect(logs).toContain("a machine joined");
  const secrets = [kept.split("\n")[1] ?? "", token.split(".")[2] ?? ""];
  for (const secret of secrets) for (const text of [told, logs]) expect(text).not.toContain(secret);
});
