import { expect, it } from "vitest";
import type { JsonObject } from "../../src/kinds.ts";
import { checkSchema } from "../../src/schema/structural-schema.ts";

const problemsOf = (schema: JsonObject) => checkSchema(schema).map(({ field, message }) => `${field}: ${message}`);
const withProperty = (property: JsonObject): JsonObject => ({ type: "object", properties: { a: property } });

it("accepts what generators write", () => {
  const schema: JsonObject = {
    type: "object",
    description: "A thing.",
    properties: {
      apiVersion: { type: "string", description: "…" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: {
        type: "object",
        required: ["port"],
        properties: {
          port: { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
          free: { "x-kubernetes-preserve-unknown-fields": true },
          map: { type: "object", additionalProperties: { type: "string" }, "x-kubernetes-map-type": "atomic" },
          level: { type: "integer", format: "int32", minimum: 1, default: 1 },
          items: {
            type: "array",
            items: { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 1 } } },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
          },
          a: { type: "string" },
          b: { type: "string" },
        },
        oneOf: [{ required: ["a"] }, { required: ["b"], properties: { b: { enum: ["x"] } } }],
        "x-kubernetes-validations": [{ rule: "self.port != 0" }],
      },
    },
  };
  expect(problemsOf(schema)).toEqual([]);
});

it.each<[string, JsonObject, string[]]>([
  ["no type at the root", {}, ["type: Required value: must not be empty at the root"]],
  ["another root", { type: "string" }, ['type: Invalid value: "string": must be object at the root']],
  [
    "no type of a property",
    withProperty({}),
    ["properties[a].type: Required value: must not be empty for specified object fields"],
  ],
  [
    "no type of an item",
    withProperty({ type: "array", items: {} }),
    ["properties[a].items.type: Required value: must not be empty for specified array items"],
  ],
  ["no items", withProperty({ type: "array" }), ["properties[a].items: Required value: must be specified"]],
  [
    "an unknown type",
    withProperty({ type: "float" }),
    [
      'properties[a].type: Unsupported value: "float": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    "the type null",
    withProperty({ type: "null" }),
    ["properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative"],
  ],
  [
    "a reference",
    withProperty({ type: "string", $ref: "#/x" }),
    ["properties[a].$ref: Forbidden: $ref is not supported"],
  ],
  [
    "a misspelt keyword",
    withProperty({ type: "integer", minimun: 1 }),
    ["properties[a].minimun: Forbidden: unknown field in a schema"],
  ],
  [
    "a keyword of the wrong form",
    withProperty({ type: "string", maxLength: -1 }),
    ["properties[a].maxLength: Invalid value: -1: must be a whole number from 0"],
  ],
  [
    "unique items",
    withProperty({ type: "array", items: { type: "string" }, uniqueItems: true }),
    [
      "properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
    ],
  ],
  [
    "closed objects",
    withProperty({ type: "object", additionalProperties: false }),
    ["properties[a].additionalProperties: Forbidden: additionalProperties cannot be false"],
  ],
  [
    "properties beside additionalProperties",
    withProperty({ type: "object", properties: {}, additionalProperties: { type: "string" } }),
    ["properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"],
  ],
  [
    "preserving anything but objects",
    withProperty({ type: "string", "x-kubernetes-preserve-unknown-fields": true }),
    ['properties[a].type: Invalid value: "string": must be object if x-kubernetes-preserve-unknown-fields is true'],
  ],
  [
    "structure inside of anyOf",
    withProperty({ type: "object", anyOf: [{ type: "object" }] }),
    ["properties[a].anyOf[0].type: Forbidden: must be empty to be structural"],
  ],
  [
    "properties that only anyOf knows",
    withProperty({ type: "object", anyOf: [{ properties: { b: { minimum: 1 } } }] }),
    ["properties[a].properties[b]: Required value: because it is defined in anyOf[0].properties[b]"],
  ],
  [
    "restrictions of metadata",
    { type: "object", properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } } },
    [
      "properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
    ],
  ],
  [
    "a default of the wrong type",
    withProperty({ type: "integer", default: "x" }),
    ['properties[a].default: Invalid value: "string": properties[a].default in body must be of type integer: "string"'],
  ],
  [
    "a default with unknown fields",
    withProperty({ type: "object", properties: {}, default: { b: 1 } }),
    ['properties[a].default.b: Invalid value: {"b":1}: must be a known field'],
  ],
  [
    "a list without its keys",
    withProperty({ type: "array", items: { type: "object", properties: {} }, "x-kubernetes-list-type": "map" }),
    ["properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"],
  ],
])("refuses %s", (_, schema, expected) => {
  expect(problemsOf(schema)).toEqual(expected);
});

it("refuses patterns it cannot compile", () => {
  const [problem] = problemsOf(withProperty({ type: "string", pattern: "(" }));
  expect(problem).toMatch(
    /^properties\[a\]\.pattern: Invalid value: "\(": must be a valid regular expression, but isn't: /,
  );
});
