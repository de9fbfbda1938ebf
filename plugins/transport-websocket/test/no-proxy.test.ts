import { describe, expect, it } from "vitest";
import { isExempt } from "../src/proxy/no-proxy.ts";

describe("NO_PROXY", () => {
  it.each([
    ["*", "cloud.example.org", true],
    ["example.org", "cloud.example.org", true],
    [".example.org", "cloud.example.org", true],
    ["*.example.org", "cloud.example.org", true],
    [".example.org", "example.org", true],
    ["EXAMPLE.org", "Cloud.Example.ORG.", true],
    ["example.org.", "cloud.example.org", true],
    ["ample.org", "cloud.example.org", false],
    ["cloud.example.org.uk", "cloud.example.org", false],
    ["one, two\tcloud.example.org", "cloud.example.org", true],
    ["cloud.example.org:7443", "cloud.example.org", true],
    ["cloud.example.org:443", "cloud.example.org", false],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.0.0.0/8", "11.1.2.3", false],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3:7443", "10.1.2.3", true],
    ["10.1.2.3:80", "10.1.2.3", false],
    ["0.0.0.0/0", "10.1.2.3", true],
    ["fd00::/8", "fd12::1", true],
    ["[fd12::1]:7443", "fd12::1", true],
    ["[fd12::1]", "fd12::1", true],
    ["FD12:0::1", "fd12::1", true],
    ["fd00::/8", "10.1.2.3", false],
    ["10.0.0.0/33", "10.1.2.3", false],
    ["10.0.0.0/", "10.1.2.3", false],
    ["10.0.0.0/8/8", "10.1.2.3", false],
    ["2.3", "10.1.2.3", false],
    ["10.0.0.0/8", "cloud.example.org", false],
    [".", "cloud.example.org", false],
    ["", "cloud.example.org", false],
  ])("%j, asked for %s: %s", (list, host, exempt) => {
    expect(isExempt(list, host, 7443)).toBe(exempt);
  });
});
