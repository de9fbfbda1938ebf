import { describe, expect, it } from "vitest";
import { mostEvents, type PodReport } from "../../src/shared/pod-report.ts";
import { CloudPods, running, started } from "./cloud-pods.ts";

const withStatus = (part: object) => ({ ...running, status: { ...running.status, ...part } });
const withEvent = (part: object) => ({ ...running, events: [{ ...started, ...part }] });
const [container] = running.status["containerStatuses"] as unknown as Record<string, unknown>[];
const withContainer = (part: object) => withStatus({ containerStatuses: [{ ...container, ...part }] });
const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });

describe("a report that cannot be read", () => {
  it.each<[string, unknown, string]>([
    ["no object", [], "expected an object"],
    ["without released", { ...running, released: "yes" }, "expected true or false at released"],
    ["without a status", { ...running, status: null }, "expected an object at status"],
    ["without events", { ...running, events: {} }, "expected a list of at most 20 at events"],
    [
      "with many events",
      { ...running, events: Array(mostEvents + 1).fill(started) },
      "expected a list of at most 20 at events",
    ],
    ["without a phase", { ...running, status: {} }, "expected a phase at status"],
    ["with a phase of its own", withStatus({ phase: "Fine" }), "status.phase"],
    ["with a field of others", withStatus({ qosClass: "Guaranteed" }), "qosClass of status is not for a node to set"],
    ["with a list for a text", withStatus({ message: ["a"] }), "status.message"],
    ["with a bad address", withStatus({ podIPs: [{ ip: "here" }] }), "status.podIPs"],
    ["with a bad time", withStatus({ startTime: "yesterday" }), "status.startTime"],
    ["with an impossible time", withStatus({ startTime: "2026-13-40T00:00:00Z" }), "status.startTime"],
    [
      "with a condition that is maybe",
      withStatus({ conditions: [{ type: "Ready", status: "Maybe" }] }),
      "status.conditions",
    ],
    ["with a nameless condition", withStatus({ conditions: [{ status: "True" }] }), "status.conditions"],
    ["with restarts below none", withContainer({ restartCount: -1 }), "status.containerStatuses"],
    ["with a container without a name", withContainer({ name: undefined }), "status.containerStatuses"],
    ["with a container in no state", withContainer({ state: { sleeping: {} } }), "status.containerStatuses"],
    [
      "with an exit without a code",
      withContainer({ state: { terminated: { reason: "Error" } } }),
      "status.containerStatuses",
    ],
    [
      "with a text without end",
      withStatus({ message: "x".repeat(9_000) }),
      "expected at most 8192 characters at status.message",
    ],
    [
      "with members without end",
      withStatus({ conditions: Array(300).fill({}) }),
      "expected at most 256 members at status.conditions",
    ],
    ["with nesting without end", withContainer({ resources: nested(30) }), "expected no more nesting"],
    ["with a long name of a member", withContainer({ resources: { ["x".repeat(300)]: 1 } }), "expected no longer name"],
    [
      "that is large in all",
      withStatus({ conditions: Array(100).fill({ type: "Ready", status: "True", message: "x".repeat(8_000) }) }),
      "expected at most 262144",
    ],
    ["with an event of no type", withEvent({ type: "Odd" }), "events.0"],
    ["with a reason of two words", withEvent({ reason: "Not Started" }), "events.0"],
    ["with a message without end", withEvent({ message: "x".repeat(1_025) }), "events.0"],
    ["with an event that never was", withEvent({ count: 0 }), "events.0"],
    ["with a count without end", withEvent({ count: 2 ** 31 }), "events.0"],
    ["with an event at no time", withEvent({ last: "now" }), "events.0"],
    ["with an event of a strange place", withEvent({ fieldPath: 7 }), "events.0"],
  ])("%s is refused, and changes nothing", async (_, report, problem) => {
    const cloud = new CloudPods();
    await expect(cloud.receive(JSON.parse(JSON.stringify(report)))).rejects.toMatchObject({
      code: "SKERRY_PODS_BAD_REPORT",
      family: "invalid",
      message: expect.stringContaining(problem),
    });
    expect(cloud.writes()).toEqual([]);
  });

  it.each([
    ["192.168.1.7", true],
    ["255.255.255.255", true],
    ["fd00::7", true],
    ["::ffff:10.0.0.1", true],
    ["256.1.1.1", false],
    ["1.2.3", false],
    ["::1::", false],
    ["fe80::1%eth0", false],
    ["1:2", false],
    ["", false],
  ])("is one where %j counts as an address, unless it is one: %s", async (hostIP, isFine) => {
    expect(await new CloudPods().refusal(withStatus({ hostIP }))).toBe(isFine ? "taken" : "SKERRY_PODS_BAD_REPORT");
  });

  it("is none that says all a node may say", async () => {
    const terminated = {
      exitCode: 137,
      signal: 9,
      reason: "OOMKilled",
      message: "no memory",
      startedAt: "2026-01-01T00:00:00Z",
      finishedAt: "2026-01-01T00:00:01.5+02:00",
      containerID: "skerry-wasm://1",
    };
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" };
    const report: PodReport = {
      ...running,
      status: {
        ...running.status,
        message: "m",
        reason: "r",
        podIP: "fd00::7",
        podIPs: [{ ip: "fd00::7" }],
        observedGeneration: 3,
        initContainerStatuses: [{ ...container, state: { terminated } }],
        containerStatuses: [{ ...container, ready: false, state: { waiting }, lastState: { terminated } }],
      } as PodReport["status"],
      events: Array(mostEvents).fill(started),
    };
    const cloud = new CloudPods();
    expect(await cloud.refusal(report)).toBe("taken");
    expect(cloud.pod()?.status).toMatchObject({ containerStatuses: [{ state: { waiting } }] });
  });
});
