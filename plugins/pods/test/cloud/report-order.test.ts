import { describe, expect, it } from "vitest";
import type { PodReport } from "../../src/shared/pod-report.ts";
import { CloudPods, running, uid } from "./cloud-pods.ts";

const at = (sequence: number, epoch = "first/life") => ({ order: { epoch, sequence } });
const saying = (message: string, released = false): PodReport => ({
  ...running,
  released,
  status: { ...running.status, message },
});
const written = (cloud: CloudPods) => cloud.pod()?.metadata.annotations?.["edge.skerry.dev/report"];

describe("the order of reports of a Pod", () => {
  it("is written in one request with the status", async () => {
    const cloud = new CloudPods();
    await cloud.receive(saying("one"), at(7));
    expect(cloud.writes()).toEqual(["patch Pod"]);
    expect(written(cloud)).toBe("first/life/7");
    expect(cloud.pod()?.status["message"]).toBe("one");
  });

  it("keeps out an older report that another cloud kernel still had", async () => {
    const cloud = new CloudPods();
    await cloud.receive(saying("newer"), at(8));
    cloud.writes();
    await cloud.receive(saying("older"), at(7));
    expect(cloud.writes()).toEqual([]);
    expect(cloud.pod()?.status["message"]).toBe("newer");
  });

  it("holds when nothing but the order is new", async () => {
    const cloud = new CloudPods();
    await cloud.receive(saying("same"), at(1));
    await cloud.receive(saying("same"), at(3));
    await cloud.receive(saying("older"), at(2));
    expect(cloud.pod()?.status["message"]).toBe("same");
    expect(written(cloud)).toBe("first/life/3");
  });

  it("takes one report twice, as after a lost acknowledgement, with one write", async () => {
    const cloud = new CloudPods();
    await cloud.receive(saying("one"), at(4));
    await cloud.receive(saying("one"), at(4));
    expect(cloud.writes()).toEqual(["patch Pod"]);
  });

  it("does not let an older report delete a Pod", async () => {
    const cloud = new CloudPods();
    const deletion = { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 };
    cloud.seed({ metadata: { ...deletion, annotations: { "edge.skerry.dev/report": "first/life/9" } } });
    await cloud.receive(saying("gone", true), at(8));
    expect(cloud.pod()).toBeDefined();
    await cloud.receive(saying("gone", true), at(10));
    expect(cloud.pod()).toBeUndefined();
  });

  it.each(["another/7000", "first/life/", "first/life/99999999999999999", "nonsense", "/"])(
    "says nothing where %s is written",
    async (annotation) => {
      const cloud = new CloudPods();
      cloud.seed({ metadata: { annotations: { "edge.skerry.dev/report": annotation } } });
      await cloud.receive(saying("taken"), at(3));
      expect(written(cloud)).toBe("first/life/3");
    },
  );

  it("holds whatever two cloud kernels do at the same time", async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const cloud = new CloudPods();
      const kernels = [cloud.another(), cloud.another()];
      const reports = Array.from({ length: 6 }, (_, index) => index + 1).sort(
        (a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5),
      );
      await Promise.all(
        reports.map((sequence, index) =>
          kernels[(index + seed) % 2]
            ?.receive({
              node: "edge-1",
              name: `default/hello/${uid}`,
              value: { ...saying(String(sequence)) } as never,
              ...at(sequence),
            })
            .catch(() =>
              kernels[0]?.receive({
                node: "edge-1",
                name: `default/hello/${uid}`,
                value: { ...saying(String(sequence)) } as never,
                ...at(sequence),
              }),
            ),
        ),
      );
      expect(cloud.pod()?.status["message"]).toBe("6");
    }
  });
});
