export * from "./abi.ts";
export { decodeConfig, encodeConfig, type MapperConfig } from "./config.ts";
export { durationMs } from "./duration.ts";
export { type MapperEffect, readEffect } from "./effect.ts";
export { errors } from "./errors.ts";
export { decodeEvent, encodeEvent, type MapperEvent } from "./event.ts";
export { type MapperManifest, parseMapperManifest } from "./manifest.ts";
export { decodeValue, encodeValue } from "./value.ts";
