import { describe, expect, it, vi } from "vitest";
import { podResource } from "../../src/shared/pod-resources.ts";
import { account, asked, podOf, TokenWorld } from "./token-world.ts";

const denied = (problem: string) =>
  expect.objectContaining({ code: "SKERRY_PODS_TOKEN_REFUSED", message: expect.stringContaining(problem) });

describe("a node that is connected", () => {
  it("gets the tokens that its own Pods name, bound to them", async () => {
    const world = await TokenWorld.start();
    const node = world.node("edge-1");
    expect(node.isOpen()).toBe(true);
    expect(await node.request(asked("arm"))).toEqual({ token: "token-1", lifetimeSeconds: 3607 });
    const vault = asked("arm", { audience: "vault", expirationSeconds: 3600 });
    expect(await node.request(vault)).toEqual({ token: "token-2", lifetimeSeconds: 3600 });
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "arm", uid: "uid-arm" };
    expect(world.tokensMade()).toEqual([
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: { namespace: "shop", name: "robot" },
        spec: { expirationSeconds: 3607, boundObjectRef },
      },
      expect.objectContaining({ spec: { audiences: ["vault"], expirationSeconds: 3600, boundObjectRef } }),
    ]);
  });

  it.each<[string, object, string]>([
    ["another node's Pod", asked("leg"), "the node has no such Pod"],
    ["a Pod of no node", asked("loose"), "the node has no such Pod"],
    ["a Pod that is not there", asked("head"), "the node has no such Pod"],
    [
      "an earlier Pod of the name",
      asked("arm", { pod: { namespace: "shop", name: "arm", uid: "old" } }),
      "no such Pod",
    ],
    [
      "a Pod of another namespace",
      asked("arm", { pod: { namespace: "x", name: "arm", uid: "uid-arm" } }),
      "no such Pod",
    ],
    ["an audience that no volume names", asked("arm", { audience: "bank" }), "no projected volume"],
    ["a longer life", asked("arm", { expirationSeconds: 999_999 }), "no projected volume"],
    ["the audience of one source for the life of another", asked("arm", { audience: "vault" }), "no projected volume"],
  ])("gets none for %s", async (_, request, problem) => {
    const world = await TokenWorld.start();
    await expect(world.node("edge-1").request(request as never)).rejects.toEqual(denied(problem));
    expect(world.tokensMade()).toEqual([]);
    expect(world.logger.records.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("gets none for a Pod that has ended, or that names no token", async () => {
    const world = await TokenWorld.start();
    world.kube.seed(podOf("edge-1", "done", { status: { phase: "Succeeded" } }), podResource);
    world.kube.seed(podOf("edge-1", "plain", { spec: { nodeName: "edge-1" } }), podResource);
    const node = world.node("edge-1");
    await expect(node.request(asked("done"))).rejects.toEqual(denied("the Pod has ended"));
    await expect(node.request(asked("plain"))).rejects.toEqual(denied("no projected volume"));
    expect(world.tokensMade()).toEqual([]);
  });

  it("cannot choose the account, nor name another node", async () => {
    const world = await TokenWorld.start();
    world.kube.seed(account("admin"), { ...podResource, kind: "ServiceAccount", plural: "serviceaccounts" });
    const extra = { serviceAccountName: "admin", node: "edge-2", nodeName: "edge-2" };
    const node = world.node("edge-1");
    await node.request(asked("arm", extra));
    expect(world.tokensMade()).toEqual([expect.objectContaining({ metadata: { namespace: "shop", name: "robot" } })]);
    await expect(node.request(asked("leg", extra))).rejects.toEqual(denied("no such Pod"));
  });

  it("is told what the Kubernetes API says, and can ask again", async () => {
    const world = await TokenWorld.start();
    const node = world.node("edge-1");
    world.kube.fail({ code: "SKERRY_KUBE_FORBIDDEN", verb: "create" });
    await expect(node.request(asked("arm"))).rejects.toEqual(denied("made to fail by the test"));
    expect(await node.request(asked("arm"))).toMatchObject({ token: "token-1" });
  });

  it.each([
    ["no JSON", "hello\n"],
    ["no request", '{"id":1}\n'],
    ["a list", "[]\n"],
    [
      "a number that is none",
      '{"id":-1,"pod":{"namespace":"a","name":"b","uid":"c"},"audience":"","expirationSeconds":1}\n',
    ],
    ["a line without end", "x".repeat(5_000)],
  ])("and sends %s loses the stream; others keep theirs", async (_, text) => {
    const world = await TokenWorld.start();
    const other = world.node("edge-2");
    world.sessions.connect("edge-1");
    const end = world.end("edge-1");
    end.on("error", () => undefined);
    end.write(text);
    await vi.waitFor(() => expect(world.logger.records.filter(({ level }) => level === "warn")).toHaveLength(1));
    expect(await other.request(asked("leg"))).toMatchObject({ token: "token-1" });
    expect(world.ends.get("edge-1")).toHaveLength(1);
    await world.clock.advance(60_000);
    expect(world.ends.get("edge-1")).toHaveLength(2);
  });

  it("is opened another stream when it comes back, and when there was none for it", async () => {
    const world = await TokenWorld.start();
    world.isReachable = false;
    world.sessions.connect("edge-1");
    expect(world.ends.size).toBe(0);
    world.isReachable = true;
    await world.clock.advance(60_000);
    expect(world.ends.get("edge-1")).toHaveLength(1);
    world.sessions.disconnect("edge-1");
    const node = world.node("edge-1");
    expect(world.ends.get("edge-1")).toHaveLength(2);
    expect(await node.request(asked("arm"))).toMatchObject({ token: "token-1" });
  });
});

describe("a node that is not", () => {
  const away = (problem: string) =>
    expect.objectContaining({
      code: "SKERRY_PODS_TOKENS_AWAY",
      family: "unavailable",
      message: expect.stringContaining(problem),
    });

  it("is told so at once, also when the link is lost before the answer; the next stream is told of", async () => {
    const world = await TokenWorld.start();
    const node = world.node("edge-1");
    let opened = 0;
    node.watch(() => {
      opened += 1;
    });
    const waiting = node.request(asked("arm"));
    world.end("edge-1").destroy();
    await expect(waiting).rejects.toEqual(away("the link was lost"));
    expect(node.isOpen()).toBe(false);
    await expect(node.request(asked("arm"))).rejects.toEqual(away("there is no link"));
    world.sessions.connect("edge-1");
    node.handle(world.end("edge-1"));
    expect(opened).toBe(1);
    expect(await node.request(asked("arm"))).toMatchObject({ lifetimeSeconds: 3607 });
  });

  it("does not wait for a cloud that says nothing", async () => {
    const world = await TokenWorld.start();
    const node = world.node("edge-1");
    await world.service.stop();
    const { duplexPair } = await import("node:stream");
    node.handle(duplexPair()[0]);
    const waiting = expect(node.request(asked("arm"))).rejects.toEqual(away("it does not answer"));
    await world.clock.advance(10_000);
    await waiting;
  });

  it.each(["hello\n", '{"id":1,"token":5}\n', '{"token":"t","lifetimeSeconds":1}\n', "x".repeat(70_000)])(
    "takes no token from a line such as %.20s",
    async (text) => {
      const world = await TokenWorld.start();
      const node = world.node("edge-1");
      const { duplexPair } = await import("node:stream");
      const [cloud, edge] = duplexPair();
      cloud.on("error", () => undefined);
      node.handle(edge);
      const waiting = node.request(asked("arm"));
      cloud.write(text);
      await expect(waiting).rejects.toEqual(away("the link was lost"));
      expect(node.isOpen()).toBe(false);
    },
  );
});
