import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../e2e/skerry.ts";
import { ContainerNode } from "./container-node.ts";

const pods = "/api/v1/namespaces/default/pods";

let node: ContainerNode;
let count = 0;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

async function create(script: string, securityContext: object, ofPod: object = {}): Promise<string> {
  const name = `probe-${++count}`;
  const container = { name: "main", image: node.runtime.image, command: ["/bin/sh", "-c", script], securityContext };
  const spec = { restartPolicy: "Never", securityContext: ofPod, containers: [container] };
  const { status, body } = await node.kube.post(pods, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return name;
}

/** What the script printed in a container with this security context. */
async function printed(script: string, securityContext: object, ofPod: object = {}): Promise<string> {
  const name = await create(script, securityContext, ofPod);
  const pod = await eventually("the end of the Pod", async () => {
    const { body } = await node.kube.get(`${pods}/${name}`);
    return /^(Succeeded|Failed)$/.test(body.status?.phase) ? body : undefined;
  });
  const log = join(node.installation.home, `edge/pods/default_${name}_${pod.metadata.uid}/main/0.log`);
  return (await readFile(log, "utf8")).replaceAll(/^\S+ std(?:out|err) F /gm, "");
}

const status = (field: string) =>
  `while read -r key value; do [ "$key" = "${field}:" ] && echo $value; done < /proc/self/status`;

describe("in a real container", () => {
  it("user, group and groups are those that were asked for, the container's before the Pod's", async () => {
    const script = "id -u; id -g; id -G";
    expect(await printed(script, {})).toBe("0\n0\n0\n");
    const ofPod = { runAsUser: 1000, runAsGroup: 2000, supplementalGroups: [3000] };
    expect(await printed(script, {}, ofPod)).toBe("1000\n2000\n2000 3000\n");
    expect(await printed(script, { runAsUser: 1001 }, ofPod)).toBe("1001\n2000\n2000 3000\n");
  });

  it("a read-only root is not written to, another is", async () => {
    const script = "(echo x > /file) 2> /dev/null && echo written || echo refused";
    expect(await printed(script, { readOnlyRootFilesystem: true })).toBe("refused\n");
    expect(await printed(script, {})).toBe("written\n");
  });

  it("capabilities are dropped and added", async () => {
    const script = status("CapEff");
    expect(await printed(script, {})).toBe("00000000a80425fb\n");
    expect(await printed(script, { capabilities: { drop: ["ALL"] } })).toBe("0000000000000000\n");
    const one = { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } };
    expect(await printed(script, one)).toBe("0000000000000400\n");
  });

  it("no program gets more rights than its parent, when that was asked for; system calls are filtered", async () => {
    const script = `${status("NoNewPrivs")}; ${status("Seccomp")}`;
    expect(await printed(script, { allowPrivilegeEscalation: false })).toBe("1\n2\n");
    expect(await printed(script, { seccompProfile: { type: "Unconfined" } })).toBe("0\n0\n");
  });

  it("the kernel's own files are hidden, or only read", async () => {
    const read =
      "for f in keys timer_list kcore; do [ -f /proc/$f ] && head -c 1 /proc/$f | wc -c; done; ls /sys/firmware | wc -l";
    expect(await printed(read, {})).toMatch(/^(0\n)+$/);
    const write = "(echo 1 > /proc/sys/kernel/panic) 2> /dev/null && echo written || echo refused";
    expect(await printed(write, {})).toBe("refused\n");
  });

  it("one that must not be root does not start as root, and says why", async () => {
    const name = await create("id -u", { runAsNonRoot: true });
    const waiting = await eventually("a reason", async () => {
      const { body } = await node.kube.get(`${pods}/${name}`);
      return body.status?.containerStatuses?.[0]?.state.waiting;
    });
    expect(waiting).toMatchObject({
      reason: "CreateContainerConfigError",
      message: "container has runAsNonRoot and image will run as root",
    });
    expect(await printed("id -u", { runAsNonRoot: true, runAsUser: 7 })).toBe("7\n");
  });

  it("what a container is not held to yet is not run", async () => {
    const name = await create("id -u", {}, { fsGroup: 5 });
    const waiting = await eventually("a reason", async () => {
      const { body } = await node.kube.get(`${pods}/${name}`);
      return body.status?.containerStatuses?.[0]?.state.waiting;
    });
    expect(waiting).toMatchObject({
      reason: "CreateContainerConfigError",
      message: expect.stringContaining("fsGroup"),
    });
  });
});
