import { describe, expect, it } from "vitest";
import { parseImageReference } from "../../src/images/image-reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image reference", () => {
  it.each([
    ["hello", "docker.io/library/hello:latest"],
    ["someone/hello:1", "docker.io/someone/hello:1"],
    ["ghcr.io/someone/hello", "ghcr.io/someone/hello:latest"],
    ["localhost/hello:v1.2-3_4", "localhost/hello:v1.2-3_4"],
    ["127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000/a/b/c:1"],
    ["[::1]:5000/hello", "[::1]:5000/hello:latest"],
    [`registry.example/hello@${digest}`, `registry.example/hello@${digest}`],
    [`registry.example/hello:1@${digest}`, `registry.example/hello@${digest}`],
    ["a__b/c--d.e", "docker.io/a__b/c--d.e:latest"],
  ])("%s is %s", (text, canonical) => {
    expect(parseImageReference(text)).toMatchObject({ canonical });
  });

  it.each([
    ["", /1 to 1024/],
    ["UPPER", /lower-case/],
    ["registry.example/Upper", /lower-case/],
    ["a:b:c", /lower-case|registry/],
    ["hello:", /tag/],
    [`hello:${"x".repeat(129)}`, /tag/],
    ["hello@sha256:1", /digest/],
    ["a@b@c", /one @/],
    ["../etc/passwd", /registry|lower-case/],
    ["registry.example/a//b", /lower-case/],
    ["host:port/a", /registry/],
    ["-bad.example/a", /registry/],
    [`registry.example/${"a".repeat(256)}`, /longer/],
    ["white space", /lower-case/],
  ])("%j is none", (text, problem) => {
    expect(parseImageReference(text)).toMatch(problem);
  });
});
