import type { JsonValue } from "@skerry/contracts";
import { isObject } from "./image-manifest.ts";

/** What an image says about how it is run: `config` of `application/vnd.oci.image.config.v1+json`. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly workingDirectory?: string;
}

export const emptyImageConfig: ImageConfig = { entrypoint: [], command: [], env: [] };

/** Configurations of WebAssembly artifacts say nothing of this; what is not there is empty. */
export function parseImageConfig(value: JsonValue): ImageConfig {
  const config = isObject(value) && isObject(value["config"]) ? value["config"] : {};
  const { Entrypoint, Cmd, Env, WorkingDir } = config;
  return {
    entrypoint: texts(Entrypoint),
    command: texts(Cmd),
    env: texts(Env).map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? { name: pair, value: "" } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
    }),
    ...(typeof WorkingDir === "string" && WorkingDir !== "" ? { workingDirectory: WorkingDir } : {}),
  };
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
