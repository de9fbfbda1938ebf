import { describe, expect, it } from "vitest";
import { rootProblem, securityOf } from "../../src/edge/containers/container-security.ts";
import type { Pod, PodContainer, SecurityContext } from "../../src/edge/pod/pod.ts";

const pod = (securityContext?: SecurityContext) =>
  ({ spec: { containers: [], ...(securityContext && { securityContext }) } }) as unknown as Pod;
const container = (securityContext?: SecurityContext): PodContainer => ({
  name: "main",
  ...(securityContext && { securityContext }),
});

describe("what a container may do", () => {
  it("is an ordinary container's when nobody says anything", () => {
    expect(securityOf(pod(), container())).toEqual({
      supplementalGroups: [],
      privileged: false,
      readOnlyRoot: false,
      noNewPrivileges: false,
      capabilities: { add: [], drop: [] },
      seccomp: "RuntimeDefault",
    });
  });

  it("is what the container says, else what the Pod says", () => {
    const ofPod = {
      runAsUser: 1,
      runAsGroup: 2,
      supplementalGroups: [3],
      seccompProfile: { type: "Unconfined" },
    };
    const own = {
      runAsUser: 10,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
    };
    expect(securityOf(pod(ofPod), container(own))).toEqual({
      user: 10,
      group: 2,
      supplementalGroups: [3],
      privileged: false,
      readOnlyRoot: true,
      noNewPrivileges: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      seccomp: "Unconfined",
    });
    const nothing = { runAsUser: null, seccompProfile: null } as unknown as SecurityContext;
    expect(securityOf(pod(ofPod), container(nothing))).toMatchObject({ user: 1, seccomp: "Unconfined" });
  });
});

describe("a container that must not run as root", () => {
  const image = (user?: number | string) => ({ id: "", names: [], bytes: 0, ...(user === undefined ? {} : { user }) });

  it.each([
    [{ runAsNonRoot: true }, {}, undefined, "image will run as root"],
    [{ runAsNonRoot: true }, {}, 0, "image will run as root"],
    [{ runAsNonRoot: true }, {}, "www", "non-numeric user (www)"],
    [{ runAsNonRoot: true, runAsUser: 0 }, {}, 1000, "runAsUser breaks non-root policy"],
    [{ runAsUser: 5 }, { runAsNonRoot: true, runAsUser: 0 }, 1000, "runAsUser breaks non-root policy"],
  ])("%j %j over an image of user %j does not: %s", (ofPod, own, user, problem) => {
    expect(rootProblem(pod(ofPod), container(own), image(user))).toContain(problem);
  });

  it.each([
    [{ runAsNonRoot: true }, {}, 1000],
    [{ runAsNonRoot: true, runAsUser: 7 }, {}, undefined],
    [{ runAsNonRoot: true }, { runAsNonRoot: false }, undefined],
    [{}, {}, 0],
  ])("%j %j over an image of user %j may run", (ofPod, own, user) => {
    expect(rootProblem(pod(ofPod), container(own), image(user))).toBeUndefined();
  });
});
