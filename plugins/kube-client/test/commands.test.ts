import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, commandPoint, KubeApi, KubeEndpoint, type Resource } from "@skerry/contracts";
import { SkerryError } from "@skerry/plugin";
import { FakeKubeEndpoint, gadgetDefinition, startTestNode } from "@skerry/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { ApplyCommand } from "../src/apply/apply-command.ts";
import { ObjectApplier } from "../src/apply/object-applier.ts";
import { GetCommand } from "../src/get/get-command.ts";
import { plugin } from "../src/index.ts";
import { systemClock } from "./system-clock.ts";
import { startTestClient } from "./test-client.ts";

const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const configMap = (name: string, data: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});
const gadget = (name: string, spec: object = {}) => ({
  apiVersion: "contract.skerry.dev/v1",
  kind: "Gadget",
  metadata: { name },
  spec,
});

async function start() {
  const directory = await mkdtemp(join(tmpdir(), "skerry-apply-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const started = await startTestClient();
  const { http, client, discovery } = started;
  const apply = new ApplyCommand(new ObjectApplier(client, discovery, systemClock));
  const get = new GetCommand(http, discovery);
  const run = async (command: Command, ...args: string[]) => {
    let out = "";
    let err = "";
    const call = { arguments: args, directory, signal: new AbortController().signal };
    const code = await command.run({ ...call, out: (text) => (out += text), err: (text) => (err += text) });
    return { code, out, err };
  };
  const write = async (file: string, ...documents: (object | string)[]) => {
    const texts = documents.map((document) => (typeof document === "string" ? document : stringify(document)));
    await writeFile(join(directory, file), texts.join("---\n"));
  };
  return {
    ...started,
    directory,
    run,
    write,
    apply: (...args: string[]) => run(apply, ...args),
    get: (...args: string[]) => run(get, ...args),
  };
}

describe("skerry apply", () => {
  it("creates, leaves alone, changes, and takes back what is no longer said", async () => {
    const { apply, write, client } = await start();
    await write("a.yaml", configMap("a", { one: "1", two: "2" }));
    expect(await apply("-f", "a.yaml")).toEqual({ code: 0, out: "configmap/a created\n", err: "" });
    expect(await apply("-f", "a.yaml")).toEqual({ code: 0, out: "configmap/a unchanged\n", err: "" });
    await client.patch(configMaps, { name: "a" }, { data: { three: "3" } }, { fieldManager: "somebody" });
    await write("a.yaml", configMap("a", { one: "I" }));
    expect(await apply("-f", "a.yaml")).toEqual({ code: 0, out: "configmap/a configured\n", err: "" });
    expect((await client.get(configMaps, { name: "a" }))?.["data"]).toEqual({ one: "I", three: "3" });
  });

  it("applies folders, several documents and lists, definitions first, and waits for them", async () => {
    const { apply, write, directory } = await start();
    await mkdir(join(directory, "all"));
    await write("all/1-gadget.yaml", gadget("a"), "# nothing\n", gadget("b"));
    await write("all/2-definition.yml", gadgetDefinition);
    await write("all/3-list.json", JSON.stringify({ apiVersion: "v1", kind: "List", items: [configMap("x", {})] }));
    await write("all/ignored.txt", "no manifest");
    expect(await apply("-f", "all")).toEqual({
      code: 0,
      out: [
        "customresourcedefinition.apiextensions.k8s.io/gadgets.contract.skerry.dev created",
        "gadget.contract.skerry.dev/a created",
        "gadget.contract.skerry.dev/b created",
        "configmap/x created\n",
      ].join("\n"),
      err: "",
    });
  });

  it("puts objects where they say, or where the caller says", async () => {
    const { apply, write, client } = await start();
    await write("a.yaml", { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } }, configMap("a", {}));
    await write("b.yaml", configMap("b", {}, { namespace: "default" }));
    expect((await apply("-f", "a.yaml", "-n", "lab")).out).toBe("namespace/lab created\nconfigmap/a created\n");
    expect(await client.get(configMaps, { name: "a", namespace: "lab" })).toBeDefined();
    const { code, err } = await apply("-f", "b.yaml", "--namespace", "lab");
    expect([code, err]).toEqual([
      1,
      "error: b.yaml, document 1 (ConfigMap b): its namespace default is not lab, which -n asks for\n",
    ]);
  });

  it("tells every problem with its place, and applies the rest", async () => {
    const { apply, write } = await start();
    const bad = "apiVersion: v1\nkind: [\n";
    await write("a.yaml", configMap("fine", {}), { kind: "ConfigMap" }, gadget("unknown"), "- a\n- b\n");
    await write("b.yaml", configMap("UPPER", {}), { apiVersion: "v1", kind: "ConfigMap", metadata: {} });
    await write("c.yaml", bad);
    const { code, out, err } = await apply("-f", "a.yaml", "-f", "b.yaml", "-f", "c.yaml", "-f", "missing.yaml");
    expect(code).toBe(1);
    expect(out).toBe("configmap/fine created\n");
    const lines = err.trimEnd().split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe("error: a.yaml, document 2: apiVersion is not set");
    expect(lines[1]).toBe("error: a.yaml, document 4: it is no object");
    expect(lines[2]).toBe("error: b.yaml, document 2: metadata.name of the ConfigMap is not set");
    expect(lines[3]).toMatch(/^error: c\.yaml, document 1: .* at line 3, column 1$/);
    expect(lines[4]).toMatch(/^error: missing\.yaml: ENOENT/);
    expect(lines[5]).toMatch(/^error: a\.yaml, document 3 \(Gadget unknown\): no matches for kind "Gadget" in version/);
    expect(lines[6]).toMatch(/^error: b\.yaml, document 1 \(ConfigMap UPPER\): create ConfigMap default\/UPPER: .*422/);
  });

  it("goes on from where kubectl applied", async () => {
    const { apply, write, client } = await start();
    const last = JSON.stringify({ ...configMap("a", { gone: "1" }), metadata: { annotations: {}, name: "a" } });
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": last };
    await client.create(configMap("a", { gone: "1" }, { annotations }), configMaps);
    await write("a.yaml", configMap("a", { kept: "2" }));
    expect((await apply("-f", "a.yaml")).out).toBe("configmap/a configured\n");
    expect((await client.get(configMaps, { name: "a" }))?.["data"]).toEqual({ kept: "2" });
  });

  it.each([[[]], [["-f"]], [["a.yaml"]], [["-f", "a.yaml", "--force"]]])("explains itself for %j", async (args) => {
    const { apply } = await start();
    const { code, out, err } = await apply(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("usage: skerry apply -f");
  });

  it("refuses documents that grow without bound, and files without any", async () => {
    const { apply, write } = await start();
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(", ")}]\n`;
    await write("bomb.yaml", `a: &a x\n${level("b", "*a")}${level("c", "*b")}${level("d", "*c")}${level("e", "*d")}`);
    await write("empty.yaml", "# nothing\n");
    expect((await apply("-f", "bomb.yaml")).err).toMatch(/bomb\.yaml, document 1: .*alias/);
    expect(await apply("-f", "empty.yaml")).toMatchObject({ code: 1, err: "error: the files have no documents\n" });
  });
});

describe("skerry get", () => {
  async function withGadgets() {
    const started = await start();
    await started.write("all.yaml", gadgetDefinition, gadget("a", { n: 1 }), gadget("long-name"), {
      ...configMap("x", { k: "v" }, { labels: { tier: "front" } }),
    });
    await started.apply("-f", "all.yaml");
    return started;
  }

  it("prints the server's tables", async () => {
    const { get } = await withGadgets();
    expect((await get("gadgets")).out).toMatch(/^NAME {8}AGE\na {11}\d+s\nlong-name {3}\d+s\n$/);
    expect((await get("cm", "-A", "-l", "tier=front")).out).toMatch(
      /^NAMESPACE {3}NAME {3}DATA {3}AGE\ndefault {5}x {6}1 {6}\d+s\n$/,
    );
    expect((await get("gadget", "a")).out).toMatch(/^NAME {3}AGE\na {6}\d+s\n$/);
    expect((await get("gadgets.contract.skerry.dev/a")).out).toContain("\na ");
    expect((await get("configmaps", "-l", "tier=back")).err).toBe("No resources found in default namespace.\n");
    expect((await get("nodes")).err).toBe("No resources found.\n");
  });

  it("prints objects", async () => {
    const { get } = await withGadgets();
    expect(JSON.parse((await get("gadget", "a", "-o", "json")).out)).toMatchObject({ kind: "Gadget", spec: { n: 1 } });
    expect((await get("cm", "x", "-o", "yaml")).out).toMatch(/^apiVersion: v1\nkind: ConfigMap\nmetadata:\n/);
    expect(JSON.parse((await get("gadgets", "-o", "json")).out)).toMatchObject({ kind: "List", items: { length: 2 } });
    expect((await get("gadgets", "-o", "name")).out).toBe(
      "gadget.contract.skerry.dev/a\ngadget.contract.skerry.dev/long-name\n",
    );
  });

  it("says what is not there", async () => {
    const { get } = await withGadgets();
    await expect(get("gizmos")).rejects.toMatchObject({ code: "SKERRY_KUBE_KIND", family: "invalid" });
    const absent = get("gadget", "b");
    await expect(absent).rejects.toBeInstanceOf(SkerryError);
    await expect(absent).rejects.toMatchObject({ code: "SKERRY_KUBE_NOT_FOUND" });
  });

  it.each([[[]], [["cm", "a", "b"]], [["cm", "-o", "wiki"]], [["cm", "a", "-A"]], [["cm", "--watch"]]])(
    "explains itself for %j",
    async (args) => {
      const { get } = await start();
      expect(await get(...args)).toMatchObject({ code: 2, err: expect.stringContaining("usage: skerry get RESOURCE") });
    },
  );
});

it("boots in a node, and contributes its commands", async () => {
  const { embedded } = await startTestClient();
  const endpoint = new FakeKubeEndpoint(embedded.endpoint.connection());
  const node = await startTestNode({ plugins: [plugin], with: [[KubeEndpoint, endpoint]] });
  onTestFinished(() => node.stop());
  expect(node.contributions(commandPoint).map(({ value }) => value.name)).toEqual(["apply", "get"]);
  const api = node.service(KubeApi);
  await api.create({ ...configMap("a", {}), metadata: { name: "a", labels: { suite: "x" } } }, configMaps);
  expect(await api.list(configMaps, { labelSelector: "suite=x" })).toHaveLength(1);
});
