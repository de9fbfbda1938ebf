import protobuf from "protobufjs/light.js";
import schema from "./cri-v1.json" with { type: "json" };

/** What travels: members as in the interface's definition, in camelCase; absent ones have their default. */
export type Message = Readonly<Record<string, unknown>>;

/** Turns messages of one type into their bytes and back (Protocol Buffers 3). */
export interface Codec {
  encode(message: Message): Buffer;
  decode(bytes: Uint8Array): Message;
}

const root = protobuf.Root.fromJSON(schema);

/** @param name of a message of `runtime.v1`, for instance `VersionRequest` */
export function codecOf(name: string): Codec {
  const type = root.lookupType(`runtime.v1.${name}`);
  return {
    encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    // Times are nanoseconds since 1970, which a number has to a quarter of a microsecond.
    decode: (bytes) => type.toObject(type.decode(bytes), { defaults: true, longs: Number, enums: String }),
  };
}
