import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errno } from "../../src/wasi/errno.ts";
import { checkInside, resolvePath } from "../../src/wasi/path-resolver.ts";

let outside: string;
let root: { readonly path: string; readonly readOnly: boolean };

beforeAll(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "skerry-wasi-")));
  root = { path: join(outside, "root"), readOnly: false };
  mkdirSync(join(root.path, "a/b"), { recursive: true });
  writeFileSync(join(root.path, "a/file"), "in");
  writeFileSync(join(outside, "secret"), "out");
  symlinkSync("a", join(root.path, "..data"));
  symlinkSync("..data/file", join(root.path, "file"));
  symlinkSync("/etc/passwd", join(root.path, "absolute"));
  symlinkSync("../secret", join(root.path, "up"));
  symlinkSync("a/../../secret", join(root.path, "hidden"));
  symlinkSync("round", join(root.path, "round"));
});

afterAll(() => rmSync(outside, { recursive: true, force: true }));

const resolve = (path: string, follow = true) => resolvePath(root, root.path, path, follow);

describe("a path of a program", () => {
  it.each([
    ["a/file", "a/file"],
    ["./a//b/../file", "a/file"],
    ["file", "a/file"],
    ["a/b/../../..data/file", "a/file"],
    ["missing/name", "missing/name"],
  ])("%s is %s", (path, expected) => {
    expect(resolve(path)).toBe(join(root.path, expected));
  });

  it("keeps a link at its end where links are not followed", () => {
    expect(resolve("absolute", false)).toBe(join(root.path, "absolute"));
  });

  it.each([
    ["..", errno.notcapable],
    ["a/../../secret", errno.notcapable],
    ["/etc/passwd", errno.notcapable],
    ["absolute", errno.notcapable],
    ["up", errno.notcapable],
    ["hidden", errno.notcapable],
    ["up/x", errno.notcapable],
    ["round", errno.loop],
  ])("%s leads nowhere", (path, code) => {
    expect(() => resolve(path)).toThrow(expect.objectContaining({ code }));
  });

  it("that was changed after it was resolved is refused once it is open", () => {
    const fd = openSync(join(outside, "secret"), "r");
    expect(() => checkInside(root, fd)).toThrow(expect.objectContaining({ code: errno.notcapable }));
    closeSync(fd);
  });
});
