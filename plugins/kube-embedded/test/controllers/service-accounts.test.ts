import { describe, expect, it } from "vitest";
import { startWorkloads } from "./workloads.ts";

const accounts = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts`;

describe("the ServiceAccount default", () => {
  it("is in every namespace, from its beginning", async () => {
    const { request, send, quiet } = await startWorkloads();
    await quiet();
    await send("POST", "/api/v1/namespaces", { metadata: { name: "site" } });
    for (const namespace of ["default", "kube-system", "kube-public", "kube-node-lease", "site"]) {
      expect((await request("GET", `${accounts(namespace)}/default`)).status).toBe(200);
    }
  });

  it("comes again when it is deleted; another does not", async () => {
    const { request, send } = await startWorkloads();
    await send("POST", accounts("default"), { metadata: { name: "robot" } });
    const first = await send("GET", `${accounts("default")}/default`);
    for (const name of ["default", "robot"]) await send("DELETE", `${accounts("default")}/${name}`);
    const second = await send("GET", `${accounts("default")}/default`);
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    expect((await request("GET", `${accounts("default")}/robot`)).status).toBe(404);
  });

  it("does not hold up the end of its namespace", async () => {
    const { request, send, store, quiet } = await startWorkloads();
    await quiet();
    const before = store.size;
    await send("POST", "/api/v1/namespaces", { metadata: { name: "site" } });
    await send("DELETE", "/api/v1/namespaces/site");
    expect((await request("GET", "/api/v1/namespaces/site")).status).toBe(404);
    expect(store.size).toBe(before);
  });

  it("is not made twice by a restart, and made where it is missing", async () => {
    const before = await startWorkloads();
    await before.quiet();
    const { metadata } = await before.send("GET", `${accounts("default")}/default`);
    await before.stop();
    const after = await startWorkloads({ disk: before.disk });
    await after.quiet();
    expect((await after.send("GET", `${accounts("default")}/default`)).metadata.uid).toBe(metadata.uid);
    expect(after.store.version).toBe(before.store.version);
  });
});
