import { describe, expect, it } from "vitest";
import { sourceFiles } from "./tree.ts";

const files = await sourceFiles();
const isTest = (path: string) => path.includes("/test/") || path.startsWith("test/");

describe("files", () => {
  it("are many enough for these checks to mean something", () => {
    expect(files.length).toBeGreaterThan(250);
  });

  it("hold one idea: at most 300 lines, tests at most 400", () => {
    const long = files.filter(({ path, lines }) => lines > (isTest(path) ? 400 : 300));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it("have a median of at most 90 lines", () => {
    const sizes = files.filter(({ path }) => !isTest(path)).map(({ lines }) => lines);
    sizes.sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(90);
  });

  it("are named in kebab-case after what they hold, never utils, helpers, common, misc or legacy", () => {
    const odd = files.filter(({ path }) => {
      const name =
        path
          .split("/")
          .at(-1)
          ?.replace(/(\.(test|config|d))?\.ts$/, "") ?? "";
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc|legacy)$/.test(name);
    });
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it("called index.ts only re-export, or wire a plugin", () => {
    const indexes = files.filter(({ path }) => path.endsWith("/index.ts") && path.includes("/src/"));
    expect(indexes.length).toBeGreaterThan(10);
    const logic = indexes.filter(({ text }) => /^\s*(export )?(async )?(function|class) /m.test(text));
    expect(logic.map(({ path }) => path)).toEqual([]);
  });
});

describe("the kernel's host", () => {
  it("is at most 1,800 lines, an afternoon's reading", () => {
    const host = files.filter(({ path }) => path.startsWith("kernel/src/host/"));
    expect(host.length).toBeGreaterThan(8);
    expect(host.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(1800);
  });
});

describe("time and chance", () => {
  it("come by injection: no wall clock, timer or Math.random in plugins, link, autonomy or the SDK's contracts", () => {
    // A thread is a program of its own: its entry, worker.ts, is where its clock is made.
    const watched = files.filter(
      ({ path }) =>
        /^(plugins\/[^/]+\/src|kernel\/src\/(link|autonomy)|sdk\/contracts\/src)\//.test(path) &&
        !path.endsWith("/src/worker.ts"),
    );
    expect(watched.length).toBeGreaterThan(100);
    const direct = watched.filter(({ text }) =>
      /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|(?<![.\w])set(Timeout|Interval)\()/.test(text),
    );
    expect(direct.map(({ path }) => path)).toEqual([]);
  });
});

describe("safety", () => {
  it("has no shell, no eval, and TLS verification is never off", () => {
    const found = files.filter(
      ({ path, text }) =>
        !isTest(path) && /shell: *true|execSync\(|\beval\(|NODE_TLS_REJECT_UNAUTHORIZED|insecure-skip-tls/i.test(text),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it("verifies every server; two servers of ours look at a client's certificate after the handshake", () => {
    const found = files.filter(({ path, text }) => !isTest(path) && /rejectUnauthorized(?!: true)/.test(text));
    expect(found.map(({ path }) => path).sort()).toEqual([
      "plugins/kube-embedded/src/http/https-listener.ts",
      "plugins/transport-websocket/src/websocket-listener.ts",
    ]);
  });
});
