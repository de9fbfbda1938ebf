import { describe, expect, it } from "vitest";
import { chooseProxy } from "../src/proxy/choose-proxy.ts";
import { TestProxy } from "./test-proxy.ts";
import { onceWorld } from "./transport-world.ts";

const target = { host: "cloud.example.org", port: 7443 };
const nameOf = (url: string | undefined, environment: Readonly<Record<string, string>> = {}) =>
  chooseProxy(url, target, environment)?.name;

describe("the choice of a proxy", () => {
  it.each([
    ["http://proxy:3128", "http://proxy:3128"],
    ["http://proxy", "http://proxy:1080"],
    ["http://proxy:80/", "http://proxy:80"],
    ["https://proxy", "https://proxy:443"],
    ["https://proxy:8443/", "https://proxy:8443"],
    ["http://[fd12::1]:3128", "http://[fd12::1]:3128"],
    ["direct", undefined],
  ])("follows the setting %s before the environment", (url, name) => {
    expect(nameOf(url, { https_proxy: "http://other:1", no_proxy: "*" })).toBe(name);
  });

  it.each([
    [{}, undefined],
    [{ HTTPS_PROXY: "http://upper:1" }, "http://upper:1"],
    [{ HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" }, "http://lower:1"],
    [{ ALL_PROXY: "http://all:1" }, "http://all:1"],
    [{ ALL_PROXY: "http://all:1", HTTPS_PROXY: "upper:1" }, "http://upper:1"],
    [{ HTTP_PROXY: "http://plain:1", http_proxy: "http://plain:1" }, undefined],
    [{ https_proxy: " ", HTTPS_PROXY: "http://upper:1" }, "http://upper:1"],
    [{ https_proxy: "http://p:1", NO_PROXY: "example.org" }, undefined],
    [{ https_proxy: "http://p:1", NO_PROXY: "example.org", no_proxy: "elsewhere" }, "http://p:1"],
  ])("follows the environment %j", (environment, name) => {
    expect(nameOf(undefined, environment)).toBe(name);
  });

  it.each([
    ["socks5://proxy:1080", "has the scheme socks5://, not http:// or https://"],
    ["http://proxy:3128/path", "has more than a host and a port"],
    ["http://proxy:99999", "is no URL"],
    ["http://a:s3cret@proxy:1", "has credentials, which belong in the file proxy.credentials"],
  ])("refuses the setting %s", (url, problem) => {
    expect(() => chooseProxy(url, target, {})).toThrow(
      expect.objectContaining({
        code: "SKERRY_TRANSPORT_BAD_PROXY",
        family: "settings",
        details: { source: "the setting proxy.url", problem },
      }),
    );
  });

  it("takes credentials of a variable, and does not name them", () => {
    const proxy = chooseProxy(undefined, target, { https_proxy: "http://edge:p%40ss@proxy:3128" });
    expect(proxy).toEqual({
      isSecure: false,
      host: "proxy",
      port: 3128,
      name: "http://proxy:3128",
      source: "the variable https_proxy",
      credentials: "edge:p@ss",
    });
    expect(() => chooseProxy(undefined, target, { https_proxy: "http://edge:%zz@proxy:3128" })).toThrow(
      "the proxy of the variable https_proxy has credentials that cannot be read",
    );
  });

  it("is made for each connection", async () => {
    const world = await onceWorld();
    const { address } = await world.cloud().listen(() => undefined);
    const proxy = await TestProxy.open();
    const edge = world.edge(address);
    world.environment = { https_proxy: `http://u:p@${proxy.address}` };
    await edge.connect(new AbortController().signal);
    expect(proxy.asked).toEqual([{ target: address, authorization: "Basic dTpw" }]);
    world.environment = { ...world.environment, no_proxy: "127.0.0.0/8" };
    await edge.connect(new AbortController().signal);
    expect(proxy.asked).toHaveLength(1);
  });
});
