import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../e2e/skerry.ts";
import { ContainerNode, forever } from "./container-node.ts";

let node: ContainerNode;

beforeAll(async () => {
  node = await ContainerNode.start();
});

afterAll(() => node?.[Symbol.asyncDispose]());

interface Main {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly lastState: { readonly terminated?: { readonly message?: string } };
  readonly state: { readonly terminated?: { readonly message?: string } };
}

const sh = (script: string) => ({ exec: { command: ["/bin/sh", "-c", script] } });

describe("in a real container", () => {
  it("postStart has run before it is ready; preStop runs before it is asked to end", async () => {
    const script = "trap 'echo term > /proc/1/fd/1; exit 0' TERM; while :; do sleep 1 & wait $!; done";
    await node.create(
      "hooked",
      script,
      {
        lifecycle: {
          postStart: sh("sleep 1; echo started > /proc/1/fd/1"),
          preStop: sh("echo stopping > /proc/1/fd/1; sleep 1; echo stopped > /proc/1/fd/1"),
        },
      },
      { terminationGracePeriodSeconds: 10 },
    );
    await node.main<Main>("hooked", "a ready container", ({ ready }) => ready);
    const { body } = await node.kube.get("/api/v1/namespaces/default/pods/hooked");
    const log = join(node.installation.home, `edge/pods/default_hooked_${body.metadata.uid}/main/0.log`);
    expect(await said(log)).toEqual(["started"]);
    const all = eventually("the last word", async () => {
      const lines = await said(log);
      return lines.at(-1) === "term" ? lines : undefined;
    });
    await node.delete("hooked");
    expect(await all).toEqual(["started", "stopping", "stopped", "term"]);
    await node.gone("hooked");
  });

  it("a postStart hook that fails has it started again", async () => {
    await node.create("failing", forever, { lifecycle: { postStart: sh("exit 3") } });
    await node.main<Main>("failing", "a restart", ({ restartCount }) => restartCount > 0);
    expect(await node.events("failing")).toEqual(
      expect.arrayContaining(["FailedPostStartHook: PostStartHook failed", "Killing: FailedPostStartHook"]),
    );
    await node.delete("failing");
  });

  it("what it writes into its termination message file is in its status", async () => {
    const ends = (name: string, script: string, over: object = {}) =>
      node.create(name, script, over, { restartPolicy: "Never" });
    await ends("words", "echo -n all is lost > /dev/termination-log; exit 1");
    await ends("path", "echo -n elsewhere > /words; exit 1", { terminationMessagePath: "/words" });
    await ends("log", "echo from the log; exit 1", { terminationMessagePolicy: "FallbackToLogsOnError" });
    const message = async (name: string) =>
      (await node.main<Main>(name, "its end", ({ state }) => state.terminated !== undefined)).state.terminated?.message;
    expect([await message("words"), await message("path"), await message("log")]).toEqual([
      "all is lost",
      "elsewhere",
      "from the log\n",
    ]);
  });
});

async function said(log: string): Promise<readonly string[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [line.replace(/^\S+ stdout F /, "")]));
}
