import { chmod, lstat, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configMap, container, EdgeWorld, podObject, secret } from "./edge-world.ts";

const variables = async (world: EdgeWorld) =>
  Object.fromEntries((world.runtime.named("main")?.config.env ?? []).map(({ name, value }) => [name, value]));

describe("variables of a container", () => {
  it("come from values, ConfigMaps, Secrets, fields and resources, expanded in order", async () => {
    const env = [
      { name: "GREETING", value: "hello" },
      { name: "BOTH", value: "$(GREETING) $$(GREETING) $(FROM_colour) $(NOBODY)" },
      { name: "KEY", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
      { name: "OPTIONAL", valueFrom: { configMapKeyRef: { name: "nowhere", key: "a", optional: true } } },
      { name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "TIER", valueFrom: { fieldRef: { fieldPath: "metadata.labels['tier']" } } },
      { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } },
    ];
    const envFrom = [
      { prefix: "FROM_", configMapRef: { name: "settings" } },
      { secretRef: { name: "nowhere", optional: true } },
    ];
    const resources = { limits: { memory: "16Mi", cpu: "250m" } };
    const pod = podObject(
      { containers: [container({ env, envFrom, resources, args: ["--say", "$(GREETING)"], workingDir: "/app" })] },
      { labels: { tier: "edge" } },
    );
    const world = await EdgeWorld.start(
      pod,
      configMap("settings", { colour: "green", "not a name": "x" }),
      secret("login", { password: "p" }),
    );
    expect(await variables(world)).toEqual({
      FROM_colour: "green",
      GREETING: "hello",
      BOTH: "hello $(GREETING) green $(NOBODY)",
      KEY: "green",
      PASSWORD: "p",
      NAME: "web",
      TIER: "edge",
      MEMORY: "16",
    });
    expect(world.runtime.named("main")?.config).toMatchObject({
      args: ["--say", "hello"],
      workingDirectory: "/app",
      resources: { memoryLimitBytes: 16 * 1024 * 1024, cpuLimitMillis: 250, cpuRequestMillis: 250 },
      labels: { "io.kubernetes.container.name": "main", "io.kubernetes.pod.uid": "uid-1" },
    });
    expect(world.events()).toContain(
      "1 InvalidEnvironmentVariableNames: Keys [FROM_not a name] from the EnvFrom configMap default/settings were skipped since they are considered invalid environment variable names.",
    );
  });

  it.each([
    [
      { configMapKeyRef: { name: "settings", key: "a" } },
      'configmap "settings" not found',
      configMap("settings", { a: "1" }),
    ],
    [
      { configMapKeyRef: { name: "there", key: "a" } },
      "couldn't find key a in ConfigMap default/there",
      configMap("there", { a: "1" }),
    ],
    [{ secretKeyRef: { name: "login", key: "a" } }, 'secret "login" not found', secret("login", { a: "1" })],
    [
      { secretKeyRef: { name: "empty", key: "a" } },
      "couldn't find key a in Secret default/empty",
      secret("empty", { a: "1" }),
    ],
  ] as const)("that are missing: %j", async (valueFrom, message, remedy) => {
    const pod = podObject({ containers: [container({ env: [{ name: "A", valueFrom }] })] });
    const world = await EdgeWorld.start(pod, configMap("there", {}), secret("empty", {}));
    expect(world.main()?.state.waiting).toEqual({ reason: "CreateContainerConfigError", message });
    expect(world.events().at(-1)).toBe(`1 Failed: Error: ${message}`);
    await world.put(remedy);
    expect(await variables(world)).toEqual({ A: "1" });
    expect(world.status().phase).toBe("Running");
  });
});

const root = "pods/uid-1/volumes";

function withVolume(source: object, mount: object = {}) {
  const volumeMounts = [{ name: "data", mountPath: "/data", ...mount }];
  return podObject({ containers: [container({ volumeMounts })], volumes: [{ name: "data", ...source }] });
}

describe("volumes", () => {
  it("hold a ConfigMap as files, switched at once when it changes", async () => {
    const items = [
      { key: "a", path: "deep/a.txt", mode: 0o600 },
      { key: "b", path: "b.txt" },
    ];
    const world = await EdgeWorld.start(
      withVolume({ configMap: { name: "files", defaultMode: 0o440, items } }),
      configMap("files", { a: "one", b: "two", c: "three" }),
    );
    const folder = join(world.home, root, "kubernetes.io~configmap/data");
    expect(await readFile(join(folder, "deep/a.txt"), "utf8")).toBe("one");
    expect((await stat(join(folder, "deep/a.txt"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "b.txt"))).mode & 0o777).toBe(0o440);
    expect((await readdir(folder)).sort()).toEqual(["..data", "..one", "b.txt", "deep"]);
    expect(await readlink(join(folder, "b.txt"))).toBe("..data/b.txt");
    expect(world.runtime.named("main")?.config.mounts).toEqual([
      { containerPath: "/data", hostPath: folder, readOnly: true },
    ]);
    await world.put(configMap("files", { a: "uno", b: "due" }));
    expect(await readFile(join(folder, "deep/a.txt"), "utf8")).toBe("uno");
    expect(await readlink(join(folder, "..data"))).toBe("..two");
    expect(world.main()?.restartCount).toBe(0);
    await world.remove(configMap("files", {}));
    expect(await readFile(join(folder, "b.txt"), "utf8")).toBe("due");
    expect(world.status().phase).toBe("Running");
    expect(world.events().at(-1)).toBe(
      '1 FailedMount: MountVolume.SetUp failed for volume "data" : configmap "files" not found',
    );
  });

  it.each([
    ["configMap", { configMap: { name: "files" } }, 'configmap "files" not found'],
    ["secret", { secret: { secretName: "hidden" } }, 'secret "hidden" not found'],
    [
      "key",
      { configMap: { name: "there", items: [{ key: "x", path: "x" }] } },
      "configmap references non-existent config key: x",
    ],
    [
      "key of a secret",
      { secret: { secretName: "empty", items: [{ key: "x", path: "x" }] } },
      "references non-existent secret key: x",
    ],
    ["projection", { projected: { sources: [{ configMap: { name: "files" } }] } }, 'configmap "files" not found'],
    [
      "path",
      { configMap: { name: "there", items: [{ key: "a", path: "../../etc/passwd" }] } },
      'invalid path "../../etc/passwd": it must be relative and must not contain or start with ".."',
    ],
  ] as const)("that cannot be made keep the Pod waiting: %s", async (_, source, problem) => {
    const world = await EdgeWorld.start(withVolume(source), configMap("there", { a: "1" }), secret("empty", {}));
    const message = `MountVolume.SetUp failed for volume "data" : ${problem}`;
    expect(world.events()).toEqual([`1 FailedMount: ${message}`]);
    expect(world.main()?.state.waiting).toEqual({ reason: "ContainerCreating", message });
    expect(world.runtime.calls).toEqual([]);
    await world.put(
      configMap("files", { a: "1" }),
      secret("hidden", { a: "1" }),
      configMap("there", { x: "1" }),
      secret("empty", { x: "1" }),
    );
    if (!problem.startsWith("invalid")) expect(world.status().phase).toBe("Running");
    expect(await world.exists("../etc/passwd")).toBe(false);
  });

  it("hold Secrets, fields and several sources together; what is optional may be missing", async () => {
    const sources = [
      { secret: { name: "login", items: [{ key: "password", path: "secrets/password" }] } },
      { configMap: { name: "nowhere", optional: true } },
      { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      { serviceAccountToken: { path: "token" } },
    ];
    const pod = withVolume({ projected: { sources, defaultMode: 0o400 } });
    const labels = { b: "2", a: 'x"y' };
    const world = await EdgeWorld.start(
      { ...pod, metadata: { ...pod.metadata, labels } },
      secret("login", { password: "p" }),
    );
    const folder = join(world.home, root, "kubernetes.io~projected/data");
    expect(await readFile(join(folder, "secrets/password"), "utf8")).toBe("p");
    expect(await readFile(join(folder, "labels"), "utf8")).toBe('a="x\\"y"\nb="2"');
    expect(await readFile(join(folder, "token"), "utf8")).toBe("token-1");
    expect((await readdir(folder)).sort()).toEqual(["..data", "..one", "labels", "secrets", "token"]);
    await world.put({ ...pod, metadata: { ...pod.metadata, labels: { c: "3" } } });
    expect(await readFile(join(folder, "labels"), "utf8")).toBe('c="3"');
  });

  it("that are empty are the Pod's own, and survive a restart of the node", async () => {
    const world = await EdgeWorld.start(withVolume({ emptyDir: {} }, { subPath: "sub/folder" }));
    const folder = join(world.home, root, "kubernetes.io~empty-dir/data");
    expect((await stat(folder)).mode & 0o777).toBe(0o777);
    expect(world.runtime.named("main")?.config.mounts).toEqual([
      { containerPath: "/data", hostPath: join(folder, "sub/folder"), readOnly: false },
    ]);
    await writeFile(join(folder, "kept"), "kept");
    await world.restart("killed");
    expect(await readFile(join(folder, "kept"), "utf8")).toBe("kept");
  });

  it.each(["../..", "/etc", "link"])("are not left by the subPath %s", async (subPath) => {
    const world = await EdgeWorld.start(withVolume({ emptyDir: {} }));
    const folder = join(world.home, root, "kubernetes.io~empty-dir/data");
    await symlink("/etc", join(folder, "link"));
    const pod = withVolume({ emptyDir: {} }, { subPath });
    await world.put(pod);
    await world.exit("main", 1);
    expect(world.main()?.state.waiting?.reason).toBe("CreateContainerConfigError");
    expect(world.main()?.state.waiting?.message).toMatch(/must be relative|leads out of its volume/);
  });

  it("that a power cut left half written are made again", async () => {
    const world = await EdgeWorld.start(withVolume({ configMap: { name: "files" } }), configMap("files", { a: "one" }));
    const file = join(world.home, root, "kubernetes.io~configmap/data/a");
    await writeFile(file, "");
    await chmod(file, 0o644);
    await world.restart("killed");
    expect(await readFile(file, "utf8")).toBe("one");
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
  });
});

describe("an image", () => {
  const withImage = (over: object = {}) =>
    podObject({ containers: [container({ image: "app:1", imagePullPolicy: "IfNotPresent", ...over })] });

  it("that cannot be had is pulled again after pauses, and the Pod says why", async () => {
    const world = await EdgeWorld.start(withImage());
    const problem = "image app:1 does not exist, or this node may not have it: the registry does not know it";
    expect(world.main()?.state.waiting).toEqual({ reason: "ErrImagePull", message: problem });
    await world.advance(2_000);
    const message = `Back-off pulling image "app:1": ErrImagePull: ${problem}`;
    expect(world.main()?.state.waiting).toEqual({ reason: "ImagePullBackOff", message });
    expect(world.events()).toEqual([
      '1 Pulling: Pulling image "app:1"',
      `1 Failed: Failed to pull image "app:1": ${problem}`,
      "1 Failed: Error: ErrImagePull",
      '1 BackOff: Back-off pulling image "app:1"',
      "1 Failed: Error: ImagePullBackOff",
    ]);
    await world.advance(8_000);
    expect(world.runtime.images.pulls).toHaveLength(2);
    await world.advance(19_000);
    expect(world.runtime.images.pulls).toHaveLength(2);
    world.runtime.images.offer("app:1");
    await world.advance(1_000);
    expect(world.status().phase).toBe("Running");
    expect(world.main()?.imageID).toMatch(/^sha256:/);
    expect(world.events()).toContain(
      '1 Pulled: Successfully pulled image "app:1" in 0ms (0ms including waiting). Image size: 1000 bytes.',
    );
  });

  it.each([
    ["Never", "ErrImageNeverPull", 'Container image "app:1" is not present with pull policy of Never'],
    ["IfNotPresent", "InvalidImageName", "it has characters no name has"],
  ])("with policy %s: %s", async (imagePullPolicy, reason, message) => {
    const image = reason === "InvalidImageName" ? "App one" : "app:1";
    const world = await EdgeWorld.start(withImage({ imagePullPolicy, image }));
    expect(world.main()?.state.waiting?.reason).toBe(reason);
    expect(world.main()?.state.waiting?.message).toContain(message);
  });

  it("that is replaced by another in the Pod is not waited for", async () => {
    const world = await EdgeWorld.start(withImage());
    await world.advance(2_000);
    expect(world.main()?.state.waiting?.reason).toBe("ImagePullBackOff");
    await world.put(withImage({ image: "scratch" }));
    expect(world.main()).toMatchObject({ restartCount: 0, state: { running: {} } });
  });

  it("that is to be pulled always, and cannot because the registry is away, is the one on the node", async () => {
    const { runtimeErrors } = await import("@skerry/contracts");
    const world = await EdgeWorld.start();
    world.runtime.images.place("app:1");
    world.runtime.failNext(
      "pull",
      runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", { image: "app:1", problem: "no route" }),
    );
    await world.put(withImage({ imagePullPolicy: "Always" }));
    expect(world.status().phase).toBe("Running");
    expect(world.events()[1]).toBe(
      '1 Pulled: Container image "app:1" already present on machine, and its registry cannot be asked: image app:1 could not be fetched: no route',
    );
  });

  it("is pulled with the credentials that the Pod's secrets have for its registry", async () => {
    const auths = {
      "https://index.docker.io/v1/": { auth: Buffer.from("hub:x").toString("base64") },
      "reg.io": { username: "me", password: "s" },
    };
    const config = secret("pull", { ".dockerconfigjson": JSON.stringify({ auths }) });
    const spec = (image: string) => ({
      imagePullSecrets: [{ name: "pull" }, { name: "lost" }],
      containers: [container({ image })],
    });
    const world = await EdgeWorld.start(config);
    for (const image of ["reg.io/a/b:1", "alpine", "other.io/c:1"]) world.runtime.images.offer(image);
    await world.put(podObject(spec("reg.io/a/b:1")));
    await world.put(podObject(spec("alpine"), { name: "hub", uid: "uid-2" }));
    await world.put(podObject(spec("other.io/c:1"), { name: "o", uid: "uid-3" }));
    expect(world.runtime.images.pulls).toEqual([
      { image: "reg.io/a/b:1", credentials: { username: "me", password: "s" } },
      { image: "alpine", credentials: { username: "hub", password: "x" } },
      { image: "other.io/c:1" },
    ]);
    expect(world.events()[0]).toBe(
      "1 FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (lost); attempting to pull the image may not succeed.",
    );
  });
});
