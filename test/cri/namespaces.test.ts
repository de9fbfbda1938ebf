import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContainerNode } from "./container-node.ts";

let node: ContainerNode;
let count = 0;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

interface Main {
  readonly state: { readonly terminated?: object };
}

/** What the script printed in a container of such a Pod, and the Pod's status. */
async function printed(script: string, ofPod: object, ofContainer: object = {}) {
  const name = `shared-${++count}`;
  await node.create(name, script, ofContainer, { restartPolicy: "Never", ...ofPod });
  await node.main<Main>(name, "its end", ({ state }) => state.terminated !== undefined);
  const { body } = await node.kube.get(`/api/v1/namespaces/default/pods/${name}`);
  const log = join(node.installation.home, `edge/pods/default_${name}_${body.metadata.uid}/main/0.log`);
  const text = await readFile(log, "utf8");
  return { name, text: text.replaceAll(/^\S+ std(?:out|err) F /gm, ""), status: body.status };
}

const namespace = (kind: string) => `ls -l /proc/self/ns/${kind}`;
const ofNode = async (kind: string) => readlink(`/proc/self/ns/${kind}`);

describe("in a real container", () => {
  it.each([
    ["hostNetwork", "net"],
    ["hostPID", "pid"],
    ["hostIPC", "ipc"],
  ])("%s: the namespace is the node's, and else its own", async (field, kind) => {
    expect((await printed(namespace(kind), { [field]: true })).text).toContain(await ofNode(kind));
    expect((await printed(namespace(kind), {})).text).not.toContain(await ofNode(kind));
  });

  it("hostNetwork: the Pod's address and name are the node's", async () => {
    const { text, status } = await printed("hostname", { hostNetwork: true });
    expect(text).toBe(`${hostname()}\n`);
    expect(status.podIP).toBe(status.hostIP);
  });

  it("shareProcessNamespace: a container sees the processes of the others", async () => {
    const first = "cat /proc/1/cmdline";
    expect((await printed(first, { shareProcessNamespace: true })).text).toMatch(/sleep.*2147483647/);
    expect((await printed(first, {})).text).toContain("cmdline");
  });

  it("its /etc/hosts has its name, its address and its aliases", async () => {
    const hostAliases = [{ ip: "10.9.9.9", hostnames: ["db", "db.example"] }];
    const { name, text, status } = await printed("cat /etc/hosts", { hostAliases });
    expect(text).toContain(`${status.podIP}\t${name}\n`);
    expect(text).toContain("10.9.9.9\tdb\tdb.example\n");
  });

  it("privileged: it has the node's devices and may write the kernel's files", async () => {
    // The value it has already.
    const panic = "/proc/sys/kernel/panic";
    const script = `ls /dev | wc -l; (echo $(cat ${panic}) > ${panic}) 2> /dev/null && echo may || echo may not`;
    const { text } = await printed(script, {}, { securityContext: { privileged: true } });
    const { text: ordinary } = await printed(script, {});
    const devices = (said: string) => Number(said.split("\n")[0]);
    expect(devices(text)).toBeGreaterThan(devices(ordinary));
    expect([text, ordinary].map((said) => said.split("\n")[1])).toEqual(["may", "may not"]);
  });
});
