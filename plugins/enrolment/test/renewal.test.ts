import { X509Certificate } from "node:crypto";
import {
  type CloudAnswer,
  type CloudRequest,
  CloudRequests,
  type Credentials,
  LinkState,
  NodeCredentials,
  statusSectionPoint,
} from "@skerry/contracts";
import { FakeLinkState, SeededRandom, startTestNode } from "@skerry/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { plugin } from "../src/edge/index.ts";
import { renewalTime, untilLook, untilRetry } from "../src/edge/renewal-time.ts";
import { type CloudUnderTest, EnrolmentWorld, newKey } from "./enrolment-world.ts";

const day = 86_400_000;

/** A node with its credentials in memory, and a network that a test cuts. */
class JoinedNode {
  readonly log: string[] = [];
  readonly link = new FakeLinkState();
  readonly keys: string[] = [];
  requests = 0;
  isCut = false;
  isReplaceable = true;
  credentials: Credentials = { certificate: "", ca: "" };
  answer: ((answer: CloudAnswer) => CloudAnswer) | undefined;
  readonly world: EnrolmentWorld;
  readonly cloud: CloudUnderTest;

  private constructor(world: EnrolmentWorld, cloud: CloudUnderTest) {
    this.world = world;
    this.cloud = cloud;
  }

  static async create(): Promise<JoinedNode> {
    const world = await EnrolmentWorld.create();
    const node = new JoinedNode(world, await world.cloud());
    node.credentials = await node.cloud.join(await node.cloud.token(), { name: "pi-7" });
    return node;
  }

  async start() {
    const credentials: NodeCredentials = {
      isReplaceable: this.isReplaceable,
      read: async () => this.credentials,
      replace: async ({ key, ...rest }) => {
        this.keys.push(key);
        this.credentials = rest;
      },
    };
    const kernel = await startTestNode({
      plugins: [plugin],
      with: [
        [CloudRequests, { post: (request: CloudRequest) => this.#post(request) }],
        [NodeCredentials, credentials],
        [LinkState, this.link],
      ],
      clock: this.world.clock,
      random: new SeededRandom(5),
      log: (record) => this.log.push(JSON.stringify(record)),
    });
    onTestFinished(() => kernel.stop());
    const section = async () => {
      const [found] = kernel.contributions(statusSectionPoint);
      return (await found?.value.collect())?.lines;
    };
    return { section };
  }

  get serial(): string {
    return new X509Certificate(this.credentials.certificate).serialNumber;
  }

  get end(): number {
    return Date.parse(new X509Certificate(this.credentials.certificate).validTo);
  }

  /** In steps, so that what takes real time is done before more virtual time passes. */
  async pass(ms: number, step = day / 4): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      await this.world.clock.advance(Math.min(step, ms - passed));
      await new Promise((next) => setTimeout(next, 5));
    }
  }

  async #post(request: CloudRequest): Promise<CloudAnswer> {
    this.requests += 1;
    if (this.isCut) throw new Error("cannot reach the cloud");
    const answer = await this.cloud.ask(request, this.credentials.certificate);
    return this.answer?.(answer) ?? answer;
  }
}

describe("a node's certificate", () => {
  it("is renewed with a third of its life left, for a new key each time, and never before", async () => {
    const node = await JoinedNode.create();
    const { section } = await node.start();
    const [first, end] = [node.serial, node.end];
    await node.pass(4 * day);
    expect([node.serial, node.requests]).toEqual([first, 0]);
    await node.pass(2 * day, 3_600_000);
    expect(node.serial).not.toBe(first);
    expect(node.end).toBeGreaterThan(end + 4 * day);
    await node.pass(20 * day);
    expect(node.requests).toBeGreaterThanOrEqual(4);
    expect(new Set(node.keys).size).toBe(node.requests);
    expect(await section()).toEqual([
      expect.stringMatching(/^valid until 2026-0[12]-\d\dT.*renews itself from 2026-0[12]/),
    ]);
  });

  it("is renewed after weeks without a network, soon after the network is back", async () => {
    const node = await JoinedNode.create();
    const { section } = await node.start();
    node.isCut = true;
    await node.pass(25 * day);
    expect(await section()).toEqual([
      expect.stringMatching(/^ended on 2026-01-08/),
      "not renewed: cannot reach the cloud",
    ]);
    node.isCut = false;
    await node.pass(5 * 60_000, 60_000);
    await expect.poll(() => node.end).toBeGreaterThan(node.world.clock.now());
    await expect.poll(section).toEqual([expect.stringMatching(/^valid until/)]);
  });

  it("is asked for every five minutes at most while that fails, and the log says so once", async () => {
    const node = await JoinedNode.create();
    await node.start();
    node.isCut = true;
    await node.pass(5 * day);
    const before = node.requests;
    await node.pass(3_600_000, 30_000);
    expect(node.requests - before).toBeGreaterThanOrEqual(12);
    expect(node.requests - before).toBeLessThanOrEqual(24);
    expect(node.log.filter((line) => line.includes("was not renewed"))).toHaveLength(1);
  });

  it("is asked for at once when the link is back", async () => {
    const node = await JoinedNode.create();
    await node.start();
    node.isCut = true;
    await node.pass(5.5 * day);
    const before = node.serial;
    node.isCut = false;
    node.link.set({ state: "online", since: 0, reason: "" });
    await node.pass(2, 1);
    await expect.poll(() => node.serial).not.toBe(before);
  });

  it("is not taken when it is for another node, or when the cloud refuses: the one there is stays", async () => {
    const node = await JoinedNode.create();
    const { section } = await node.start();
    const other = await node.cloud.join(await node.cloud.token(), { name: "other" });
    const before = node.serial;
    node.answer = () => ({ status: 200, body: { certificate: other.certificate, ca: other.ca } });
    await node.pass(5 * day);
    expect([node.serial, (await section())?.[1]]).toEqual([before, expect.stringContaining("for the node other")]);
    node.answer = () => ({ status: 200, body: { certificate: "none" } });
    await node.pass(3_600_000, 600_000);
    expect((await section())?.[1]).toContain("cannot be read");
    node.answer = undefined;
    await node.cloud.skerry("node", "revoke", "pi-7");
    await node.pass(3_600_000, 600_000);
    expect([node.serial, (await section())?.[1]]).toEqual([before, expect.stringContaining("were revoked")]);
  });

  it("in files that cannot be replaced is left to who made it", async () => {
    const node = await JoinedNode.create();
    node.isReplaceable = false;
    const { section } = await node.start();
    await node.pass(8 * day);
    expect([node.requests, await section()]).toEqual([
      0,
      [expect.stringMatching(/^ended on .*not renewed by this node$/)],
    ]);
  });

  it("that is no node's is said to be none", async () => {
    const node = await JoinedNode.create();
    node.credentials = { certificate: node.world.ca.certificate, ca: node.world.ca.certificate };
    const { section } = await node.start();
    expect(await section()).toEqual(["it is not that of a node"]);
  });

  it("leaves no key in the log", async () => {
    const node = await JoinedNode.create();
    await node.start();
    await node.pass(6 * day);
    const lines = node.log.join("\n");
    expect(lines).toContain("renewed the certificate");
    for (const key of [...node.keys, newKey()]) expect(lines).not.toContain(key.split("\n")[1]);
  });
});

describe("the time of a renewal", () => {
  it("is after two thirds of the life, up to a twentieth of it earlier", () => {
    const life = { validFrom: 0, validUntil: 60_000 };
    expect([renewalTime(life, 0), renewalTime(life, 1)]).toEqual([40_000, 37_000]);
  });

  it("is looked at every hour, since clocks are set", () => {
    expect([untilLook(5, 10), untilLook(100, 10), untilLook(1e12, 0)]).toEqual([0, 90, 3_600_000]);
  });

  it("after failures is between half and all of 5 s, doubling to 5 minutes", () => {
    expect([untilRetry(1, 0), untilRetry(1, 1), untilRetry(2, 1), untilRetry(50, 1)]).toEqual([
      2_500, 5_000, 10_000, 300_000,
    ]);
  });
});
