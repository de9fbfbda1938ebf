import { describe, expect, it } from "vitest";
import { decodeJson } from "../src/http/body.ts";
import { scanJson } from "../src/http/json-scan.ts";
import { negotiate } from "../src/http/media-type.ts";
import { parseRequestPath } from "../src/http/request-path.ts";

describe("request paths", () => {
  const core = { type: "resource", group: "", version: "v1" };

  it.each([
    ["/api/v1/nodes", { ...core, plural: "nodes" }],
    ["/api/v1/nodes/n", { ...core, plural: "nodes", name: "n" }],
    ["/api/v1/nodes/n/status", { ...core, plural: "nodes", name: "n", subresource: "status" }],
    ["/api/v1/namespaces", { ...core, plural: "namespaces" }],
    ["/api/v1/namespaces/a", { ...core, plural: "namespaces", name: "a" }],
    ["/api/v1/namespaces/a/status", { ...core, plural: "namespaces", name: "a", subresource: "status" }],
    ["/api/v1/namespaces/a/secrets/", { ...core, plural: "secrets", namespace: "a" }],
    ["/api/v1/namespaces/a/secrets/s", { ...core, plural: "secrets", namespace: "a", name: "s" }],
    [
      "/apis/x.dev/v1/namespaces/a/status/s",
      { type: "resource", group: "x.dev", version: "v1", plural: "status", namespace: "a", name: "s" },
    ],
    ["/apis/x.dev/v1/things/a%2fb", { type: "resource", group: "x.dev", version: "v1", plural: "things", name: "a/b" }],
    ["/apis/x.dev/v1", { type: "other", segments: ["apis", "x.dev", "v1"] }],
    ["/api/v1/nodes/n/proxy/more", { type: "other", segments: ["api", "v1", "nodes", "n", "proxy", "more"] }],
    ["/", { type: "other", segments: [] }],
  ])("%s", (path, expected) => {
    expect(parseRequestPath(path)).toEqual(expected);
  });

  it("with broken escapes are refused", () => {
    expect(() => parseRequestPath("/api/v1/nodes/%zz")).toThrow(expect.objectContaining({ code: 400 }));
  });
});

describe("Accept", () => {
  it.each([
    [undefined, "json", "object"],
    ["*/*", "json", "object"],
    ["application/yaml", "yaml", "object"],
    ["application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "json", "table"],
    ["application/json;as=Table;v=v9;g=meta.k8s.io,application/json", "json", "object"],
    ["application/json;as=constructor;v=v1;g=meta.k8s.io,application/json", "json", "object"],
    ["application/json;q=0.1, application/yaml;q=0.9", "yaml", "object"],
    ["application/vnd.kubernetes.protobuf,application/json", "json", "object"],
    ["application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "json", "metadata"],
  ])("%s", (header, encoding, as) => {
    expect(negotiate(header)).toMatchObject({ encoding, as });
  });

  it("that names nothing we write is refused", () => {
    expect(() => negotiate("application/xml, application/json;q=0")).toThrow(expect.objectContaining({ code: 406 }));
  });
});

describe("scanning JSON", () => {
  it("finds keys that appear twice, by their paths", () => {
    const text = '{"a":1,"a":2,"b":[{"c":{"d":1,"\\u0064":2}},{"e":"{\\"x\\":1,\\"x\\":2}"}],"f":{"a":1}}';
    expect(scanJson(text)).toEqual(["a", "b[0].c.d"]);
  });

  it("accepts what is merely unusual", () => {
    for (const text of ['"\\\\"', "-1.5e-3", "[]", '[1,2,{"a":[{}]}]', '"}{"', "null", "9007199254740991"]) {
      expect(scanJson(text)).toEqual([]);
    }
  });

  it.each(["9007199254740993", '{"a":[-9223372036854775808]}', '{"a":{"__proto__":{}}}', '{"\\u005f_proto__":1}'])(
    "refuses %s",
    (text) => {
      expect(() => decodeJson(text)).toThrow(expect.objectContaining({ code: 400 }));
    },
  );

  it("takes time in proportion to the text", () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ [`k${i}`]: "x".repeat(50) })));
    expect(decodeJson(text).duplicates).toEqual([]);
  });
});
