import { readFile } from "node:fs/promises";
import { constants, gunzipSync } from "node:zlib";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { expect, it } from "vitest";
import schema from "../../plugins/runtime-cri/src/cri/cri-v1.json" with { type: "json" };

interface Field {
  readonly name: string;
  readonly number: number;
  readonly label: number;
  readonly type: number;
  readonly typeName?: string;
}

interface Described {
  readonly messageType: readonly { readonly name: string; readonly field: readonly Field[] }[];
  readonly enumType: readonly { readonly name: string; readonly value: readonly { name: string; number: number }[] }[];
}

/** The definition of CRI v1 that the installed containerd was built with: it carries it, compressed. */
async function definitionInContainerd(): Promise<Described> {
  const program = await readFile("/usr/bin/containerd");
  const magic = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = program.indexOf(magic); at >= 0; at = program.indexOf(magic, at + 1)) {
    const found = unzipped(program.subarray(at, at + 400_000));
    if (found?.includes("RunPodSandboxRequest") !== true || found.includes("runtime.v1alpha2")) continue;
    return (
      descriptor as unknown as typeof protobuf & { FileDescriptorProto: protobuf.Type }
    ).FileDescriptorProto.decode(found) as unknown as Described;
  }
  throw new Error("containerd carries no definition of runtime.v1");
}

function unzipped(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const scalars: Readonly<Record<number, string>> = {
  3: "int64",
  4: "uint64",
  5: "int32",
  8: "bool",
  9: "string",
  12: "bytes",
  13: "uint32",
};

it("every message, field, number and type that is used here is that of the installed runtime", async () => {
  const { messageType, enumType } = await definitionInContainerd();
  const root = protobuf.Root.fromJSON(schema);
  const used = root.lookup("runtime.v1") as protobuf.Namespace;
  let fields = 0;
  for (const object of used.nestedArray) {
    if (object instanceof protobuf.Enum) {
      const theirs = enumType.find(({ name }) => name === object.name);
      expect(Object.fromEntries(theirs?.value.map(({ name, number }) => [name, number]) ?? []), object.name).toEqual(
        object.values,
      );
      continue;
    }
    const ours = object as protobuf.Type;
    const theirs = messageType.find(({ name }) => name === ours.name);
    for (const field of ours.fieldsArray) {
      fields += 1;
      const known = theirs?.field.find(({ number }) => number === field.id);
      const where = `${ours.name}.${field.name}`;
      expect(known && camel(known.name), where).toBe(field.name);
      if (field instanceof protobuf.MapField) {
        expect(known?.typeName, where).toMatch(/Entry$/);
        continue;
      }
      expect(known?.label === 3, `${where} repeated`).toBe(field.repeated);
      // A profile's type is an enumeration inside a message, whose numbers are enough here.
      if (where === "SecurityProfile.profileType") continue;
      expect(known && (scalars[known.type] ?? known.typeName?.replace(".runtime.v1.", "")), where).toBe(field.type);
    }
  }
  expect(fields).toBeGreaterThan(150);
});
