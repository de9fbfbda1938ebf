import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../src/kinds.ts";
import { compileSchema } from "../../src/schema/structural-schema.ts";

const spec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties: { spec: { type: "object", properties, ...more } },
});
const compiled = (property: JsonObject) => compileSchema(spec({ it: property }));
const messagesOf = (property: JsonObject, value: JsonValue) =>
  compiled(property)
    .validate({ spec: { it: value } })
    .map(({ field, message }) => `${field}: ${message}`);

describe("validation", () => {
  it.each<[string, JsonObject, JsonValue, string[]]>([
    ["a fitting value", { type: "string" }, "x", []],
    [
      "another type",
      { type: "integer" },
      "x",
      ['spec.it: Invalid value: "string": spec.it in body must be of type integer: "string"'],
    ],
    [
      "a fraction where an integer belongs",
      { type: "integer" },
      1.5,
      ['spec.it: Invalid value: "number": spec.it in body must be of type integer: "number"'],
    ],
    ["an integer as a number", { type: "number" }, 3, []],
    ["a whole fraction as an integer", { type: "integer" }, 3.0, []],
    [
      "null",
      { type: "string" },
      null,
      ['spec.it: Invalid value: "null": spec.it in body must be of type string: "null"'],
    ],
    ["null where it is allowed", { type: "string", nullable: true, minLength: 1 }, null, []],
    ["int or string", { "x-kubernetes-int-or-string": true }, "80%", []],
    [
      "neither int nor string",
      { "x-kubernetes-int-or-string": true },
      true,
      ['spec.it: Invalid value: "boolean": spec.it in body must be of type integer,string: "boolean"'],
    ],
    [
      "a value not listed",
      { type: "string", enum: ["read", "write"] },
      "x",
      ['spec.it: Unsupported value: "x": supported values: "read", "write"'],
    ],
    [
      "too small",
      { type: "integer", minimum: 1 },
      0,
      ["spec.it: Invalid value: 0: spec.it in body should be greater than or equal to 1"],
    ],
    [
      "not below an exclusive maximum",
      { type: "number", maximum: 2, exclusiveMaximum: true },
      2,
      ["spec.it: Invalid value: 2: spec.it in body should be less than 2"],
    ],
    ["a decimal multiple", { type: "number", multipleOf: 0.1 }, 0.3, []],
    [
      "no multiple",
      { type: "number", multipleOf: 0.5 },
      0.7,
      ["spec.it: Invalid value: 0.7: spec.it in body should be a multiple of 0.5"],
    ],
    [
      "too short",
      { type: "string", minLength: 2 },
      "é",
      ['spec.it: Invalid value: "é": spec.it in body should be at least 2 chars long'],
    ],
    ["too long", { type: "string", maxLength: 2 }, "abc", ["spec.it: Too long: may not be more than 2 bytes"]],
    [
      "a pattern with a slash",
      { type: "string", pattern: "^a/b$" },
      "x",
      ["spec.it: Invalid value: \"x\": spec.it in body should match '^a/b$'"],
    ],
    ["a pattern in Go's syntax", { type: "string", pattern: "(?i)\\AABC\\z" }, "abc", []],
    [
      "a broken format",
      { type: "string", format: "date-time" },
      "yesterday",
      ['spec.it: Invalid value: "yesterday": spec.it in body must be of type date-time: "yesterday"'],
    ],
    ["an unknown format", { type: "string", format: "colour" }, "?", []],
    [
      "an int32 out of range",
      { type: "integer", format: "int32" },
      2 ** 31,
      ['spec.it: Invalid value: 2147483648: spec.it in body must be of type int32: "2147483648"'],
    ],
    [
      "too few items",
      { type: "array", items: { type: "string" }, minItems: 1 },
      [],
      ["spec.it: Invalid value: 0: spec.it in body should have at least 1 items"],
    ],
    [
      "too many items",
      { type: "array", items: { type: "string" }, maxItems: 1 },
      ["a", "b"],
      ["spec.it: Too many: 2: must have at most 1 item"],
    ],
    [
      "a wrong item",
      { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
      [{ n: 1 }, { n: "1" }],
      ['spec.it[1].n: Invalid value: "string": spec.it[1].n in body must be of type integer: "string"'],
    ],
    [
      "a wrong value of a map",
      { type: "object", additionalProperties: { type: "string" } },
      { a: "x", b: 1 },
      ['spec.it.b: Invalid value: "integer": spec.it.b in body must be of type string: "integer"'],
    ],
    [
      "a duplicate in a set",
      { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
      ["a", "b", "a"],
      ['spec.it[2]: Duplicate value: "a"'],
    ],
    [
      "a duplicate key in a list of type map",
      {
        type: "array",
        items: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
      },
      [{ name: "a" }, { name: "a" }],
      ['spec.it[1]: Duplicate value: {"name":"a"}'],
    ],
  ])("tells of %s", (_, property, value, expected) => {
    expect(messagesOf(property, value)).toEqual(expected);
  });

  it("asks for what is required", () => {
    const schema = compileSchema({
      ...spec({ model: { type: "string" } }, { required: ["model"] }),
      required: ["spec"],
    });
    expect(schema.validate({ spec: {} })).toEqual([
      { field: "spec.model", reason: "FieldValueRequired", message: "Required value" },
    ]);
    expect(schema.validate({})).toMatchObject([{ field: "spec", reason: "FieldValueRequired" }]);
  });

  it("gives the reasons that clients test for", () => {
    const reasonsOf = (property: JsonObject, value: JsonValue) =>
      compiled(property)
        .validate({ spec: { it: value } })
        .map(({ reason }) => reason);
    expect(reasonsOf({ type: "integer" }, "x")).toEqual(["FieldValueTypeInvalid"]);
    expect(reasonsOf({ type: "string", enum: ["a"] }, "x")).toEqual(["FieldValueNotSupported"]);
    expect(reasonsOf({ type: "string", maxLength: 0 }, "x")).toEqual(["FieldValueTooLong"]);
    expect(reasonsOf({ type: "string", pattern: "a" }, "x")).toEqual(["FieldValueInvalid"]);
  });

  it("composes schemas", () => {
    const either = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } };
    const oneOf = { ...either, oneOf: [{ required: ["a"] }, { required: ["b"] }] };
    expect(messagesOf(oneOf, { a: "x" })).toEqual([]);
    expect(messagesOf(oneOf, {})).toEqual([
      'spec.it: Invalid value: "": "spec.it" must validate one and only one schema (oneOf). Found none valid',
      "spec.it.a: Required value",
    ]);
    expect(messagesOf(oneOf, { a: "x", b: "x" })).toEqual([
      'spec.it: Invalid value: "": "spec.it" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ]);
    expect(messagesOf({ ...either, not: { required: ["a", "b"] } }, { a: "x", b: "x" })).toEqual([
      'spec.it: Invalid value: "": "spec.it" must not validate the schema (not)',
    ]);
    expect(messagesOf({ type: "integer", anyOf: [{ maximum: 1 }, { minimum: 5 }] }, 3)).toHaveLength(2);
    expect(messagesOf({ type: "integer", allOf: [{ maximum: 1 }, { minimum: 0 }] }, 1)).toEqual([]);
  });

  it("wants a type from an embedded resource", () => {
    const embedded = {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
    };
    expect(messagesOf(embedded, { kind: "" })).toEqual([
      "spec.it.apiVersion: Required value",
      "spec.it.kind: Required value",
    ]);
  });

  it.each<[string, string, string]>([
    ["byte", "aGk=", "aGk"],
    ["date", "2024-02-29", "2023-02-29"],
    ["date-time", "2024-02-29T10:00:00.5+01:00", "2024-02-30T10:00:00Z"],
    ["duration", "1h30m", "soon"],
    ["email", "a@b.c", "a.b.c"],
    ["hostname", "a-1.example", "-a.example"],
    ["ipv4", "10.0.0.1", "10.0.0.256"],
    ["ipv6", "fe80::1", "10.0.0.1"],
    ["cidr", "10.0.0.0/8", "10.0.0.0/33"],
    ["mac", "00:1b:44:11:3a:b7", "00:1b:44:11:3a"],
    ["uri", "https://a/b?c", "a b"],
    ["uuid", "d9428888-122b-11e1-b85c-61cd3cbb3210", "d9428888"],
    ["uuid4", "d9428888-122b-41e1-b85c-61cd3cbb3210", "d9428888-122b-11e1-b85c-61cd3cbb3210"],
  ])("checks the format %s", (format, good, bad) => {
    expect(messagesOf({ type: "string", format }, good)).toEqual([]);
    expect(messagesOf({ type: "string", format }, bad)).toHaveLength(1);
  });
});

describe("pruning", () => {
  const schema = compileSchema({
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          list: { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
          map: { type: "object", additionalProperties: { type: "object", properties: { n: { type: "integer" } } } },
          free: {
            type: "object",
            "x-kubernetes-preserve-unknown-fields": true,
            properties: { known: { type: "object", properties: {} } },
          },
          any: { "x-kubernetes-preserve-unknown-fields": true },
          template: { type: "object", "x-kubernetes-embedded-resource": true, properties: {} },
        },
      },
    },
  });

  it("keeps what is known and names what is not", () => {
    const object = {
      apiVersion: "v1",
      kind: "K",
      metadata: { name: "a", extra: 1 },
      extra: 1,
      spec: {
        list: [{ n: 1 }, { n: 2, m: 3 }],
        map: { a: { n: 1, m: 2 } },
        free: { x: { y: 1 }, known: { z: 1 } },
        any: [{ deep: { er: 1 } }],
        template: { apiVersion: "v1", kind: "T", metadata: { name: "t" }, spec: {} },
        metadata: {},
      },
    };
    const { object: pruned, unknown } = schema.pruned(object);
    expect(unknown).toEqual([
      "extra",
      "spec.list[1].m",
      "spec.map.a.m",
      "spec.free.known.z",
      "spec.template.spec",
      "spec.metadata",
    ]);
    expect(pruned).toEqual({
      apiVersion: "v1",
      kind: "K",
      metadata: { name: "a", extra: 1 },
      spec: {
        list: [{ n: 1 }, { n: 2 }],
        map: { a: { n: 1 } },
        free: { x: { y: 1 }, known: {} },
        any: [{ deep: { er: 1 } }],
        template: { apiVersion: "v1", kind: "T", metadata: { name: "t" } },
      },
    });
    expect(object.spec.list[1]).toEqual({ n: 2, m: 3 });
  });

  it("is not led astray by names from the prototype", () => {
    const input = JSON.parse('{"spec": {"constructor": 1, "__proto__": {"polluted": true}}}') as JsonObject;
    expect(schema.pruned(input)).toEqual({ object: { spec: {} }, unknown: ["spec.constructor", "spec.__proto__"] });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("defaulting", () => {
  const schema = compileSchema(
    spec({
      every: { type: "string", default: "1s" },
      level: { type: "integer", nullable: true, default: 3 },
      plain: { type: "string" },
      nested: { type: "object", properties: { port: { type: "integer", default: 502 } }, default: {} },
      absent: { type: "object", properties: { port: { type: "integer", default: 502 } } },
      list: { type: "array", items: { type: "object", properties: { a: { type: "string", default: "x" } } } },
    }),
  );

  it("fills in what is absent, inside of defaults and items too, and never overwrites", () => {
    const input = { spec: { level: 1, list: [{}, { a: "y" }] } };
    expect(schema.defaulted(input)).toEqual({
      spec: { every: "1s", level: 1, nested: { port: 502 }, list: [{ a: "x" }, { a: "y" }] },
    });
    expect(input).toEqual({ spec: { level: 1, list: [{}, { a: "y" }] } });
  });

  it("takes null for absent unless it is allowed", () => {
    expect(schema.defaulted({ spec: { every: null, level: null, plain: null, nested: { port: 1 } } })).toEqual({
      spec: { every: "1s", level: null, nested: { port: 1 } },
    });
  });
});

it("names the rules nobody evaluates", () => {
  const rules = [{ rule: "self.a < self.b", message: "m" }];
  const schema = {
    type: "object",
    properties: { spec: { type: "array", items: { type: "object", "x-kubernetes-validations": rules } } },
    "x-kubernetes-validations": [{ rule: "has(self.spec)" }],
  };
  expect(compileSchema(schema).unevaluatedRules).toEqual(["(root): has(self.spec)", "spec[*]: self.a < self.b"]);
});

it("refuses a schema that cannot be compiled", () => {
  const compile = () => compileSchema(spec({ a: { type: "string", pattern: "(" } }));
  expect(compile).toThrow(expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_SCHEMA", family: "invalid" }));
});
