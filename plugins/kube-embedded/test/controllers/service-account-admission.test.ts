import { describe, expect, it } from "vitest";
import { core, type Seen, startWorkloads } from "./workloads.ts";

const accessPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const container = (name: string, more: object = {}) => ({ name, image: "scratch", ...more });

async function start() {
  const workloads = await startWorkloads();
  const { request, send, quiet } = workloads;
  await quiet();
  const post = (spec: object) =>
    request("POST", `${core}/pods`, {
      body: { metadata: { name: "p" }, spec: { containers: [container("main")], ...spec } },
    });
  const account = (name: string, more: object = {}) =>
    send("POST", `${core}/serviceaccounts`, { metadata: { name }, ...more });
  return { ...workloads, post, account };
}

const mountsOf = (spec: Seen) =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ volumeMounts = [] }: Seen) =>
    volumeMounts.map(({ mountPath }: Seen) => mountPath),
  );

describe("a new Pod", () => {
  it("gets a volume with a token of its ServiceAccount, the authority of the API, and its namespace", async () => {
    const { post } = await start();
    const { spec } = (await post({ initContainers: [container("init")] })).body;
    const [volume, ...others] = spec.volumes;
    expect(others).toEqual([]);
    expect(volume).toEqual({
      name: expect.stringMatching(/^kube-api-access-[a-z0-9]{5}$/),
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          {
            downwardAPI: {
              items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
            },
          },
        ],
      },
    });
    const mount = { name: volume.name, readOnly: true, mountPath: accessPath };
    expect(spec.containers[0].volumeMounts).toEqual([mount]);
    expect(spec.initContainers[0].volumeMounts).toEqual([mount]);
  });

  it.each([
    ["itself declines", { automountServiceAccountToken: false }, undefined, 0],
    ["its account declines", {}, false, 0],
    ["it wants what its account declines", { automountServiceAccountToken: true }, false, 1],
    ["it declines what its account wants", { automountServiceAccountToken: false }, true, 0],
  ])("gets none, or one, when %s", async (_, spec, automountServiceAccountToken, count) => {
    const { post, account } = await start();
    await account("robot", automountServiceAccountToken === undefined ? {} : { automountServiceAccountToken });
    const { status, body } = await post({ serviceAccountName: "robot", ...spec });
    expect(status).toBe(201);
    expect(body.spec.volumes ?? []).toHaveLength(count);
    expect(mountsOf(body.spec)).toEqual([count === 0 ? [] : [accessPath]]);
  });

  it("keeps what a container has at that place, and a volume that is there already", async () => {
    const { post, request } = await start();
    const own = container("own", { volumeMounts: [{ name: "mine", mountPath: accessPath }] });
    const volumes = [{ name: "mine", emptyDir: {} }];
    expect((await post({ containers: [own], volumes })).body.spec.volumes).toEqual(volumes);
    await request("DELETE", `${core}/pods/p`);
    const given = { name: "kube-api-access-given", emptyDir: {} };
    const { spec } = (await post({ containers: [own, container("main")], volumes: [...volumes, given] })).body;
    expect(spec.volumes).toEqual([...volumes, given]);
    expect(spec.containers[1].volumeMounts).toEqual([{ name: given.name, readOnly: true, mountPath: accessPath }]);
  });

  it("gets the pull secrets of its account where it names none", async () => {
    const { post, request, account } = await start();
    await account("robot", { imagePullSecrets: [{ name: "registry" }] });
    const secrets = async (spec: object) =>
      (await post({ serviceAccountName: "robot", ...spec })).body.spec.imagePullSecrets;
    expect(await secrets({})).toEqual([{ name: "registry" }]);
    await request("DELETE", `${core}/pods/p`);
    expect(await secrets({ imagePullSecrets: [{ name: "own" }] })).toEqual([{ name: "own" }]);
  });

  it("of an account that is not there is refused, in the words of Kubernetes", async () => {
    const { post } = await start();
    const { status, body } = await post({ serviceAccountName: "nobody" });
    expect(status).toBe(403);
    expect(body.message).toBe(
      'pods "p" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    );
  });
});

describe("the authority of the API", () => {
  const path = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`;

  it("is in every namespace, and comes again when it is deleted or changed", async () => {
    const { request, send, quiet } = await start();
    await send("POST", "/api/v1/namespaces", { metadata: { name: "site" } });
    const data = async (namespace: string) => (await request("GET", path(namespace))).body.data;
    for (const namespace of ["default", "kube-system", "site"]) {
      expect(await data(namespace)).toEqual({ "ca.crt": "the authority" });
    }
    await send("DELETE", path("site"));
    expect(await data("site")).toEqual({ "ca.crt": "the authority" });
    await request("PATCH", path("site"), {
      type: "application/merge-patch+json",
      body: { data: { "ca.crt": "forged" } },
    });
    await quiet();
    expect(await data("site")).toEqual({ "ca.crt": "the authority" });
  });

  it("does not hold up the end of its namespace", async () => {
    const { request, send } = await start();
    await send("POST", "/api/v1/namespaces", { metadata: { name: "site" } });
    await send("DELETE", "/api/v1/namespaces/site");
    expect((await request("GET", "/api/v1/namespaces/site")).status).toBe(404);
  });
});
