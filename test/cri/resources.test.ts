import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContainerNode } from "./container-node.ts";

let node: ContainerNode;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

interface Main {
  readonly state: { readonly terminated?: { readonly reason: string; readonly exitCode: number } };
}

const never = { restartPolicy: "Never" };
const ended = (name: string) => node.main<Main>(name, "its end", ({ state }) => state.terminated !== undefined);

async function printed(name: string, script: string, resources: object): Promise<string> {
  await node.create(name, script, { resources }, never);
  await ended(name);
  const { body } = await node.kube.get(`/api/v1/namespaces/default/pods/${name}`);
  const log = join(node.installation.home, `edge/pods/default_${name}_${body.metadata.uid}/main/0.log`);
  return (await readFile(log, "utf8")).replaceAll(/^\S+ std(?:out|err) F /gm, "");
}

describe("in a real container", () => {
  it("what asked for nothing is killed first when memory runs out, what asked for a part later", async () => {
    const script = "cat /proc/self/oom_score_adj";
    expect(await printed("best", script, {})).toBe("1000\n");
    const memory = Math.floor(totalmem() / 4);
    const burstable = Number(await printed("burst", script, { requests: { memory: String(memory) } }));
    expect(Math.abs(burstable - 750)).toBeLessThanOrEqual(1);
  });

  it("one that takes more memory than its limit is OOMKilled", async () => {
    const resources = { limits: { memory: "32Mi" } };
    await node.create("eats", "x=$(head -c 200000000 /dev/zero | tr '\\0' a); exit 0", { resources }, never);
    expect((await ended("eats")).state.terminated).toMatchObject({ reason: "OOMKilled", exitCode: 137 });
  });
});
