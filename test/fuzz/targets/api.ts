import { parseSettingsFile } from "../../../kernel/src/cli/node/settings-layers.ts";
import { readManifest } from "../../../kernel/src/host/manifest.ts";
import { parseBody } from "../../../kernel/src/link/wire/json-body.ts";
import { decodeContinue } from "../../../plugins/kube-embedded/src/api/continue-token.ts";
import { decodeBody } from "../../../plugins/kube-embedded/src/http/body.ts";
import { parseRequestPath } from "../../../plugins/kube-embedded/src/http/request-path.ts";
import { parseJsonPath } from "../../../plugins/kube-embedded/src/printing/json-path-parser.ts";
import { parseFieldSelector } from "../../../plugins/kube-embedded/src/selectors/field-selector.ts";
import { parseLabelSelector } from "../../../plugins/kube-embedded/src/selectors/label-selector.ts";
import type { Decoders } from "./decoders.ts";

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const took = (decode: (text: string) => unknown) => (bytes: Uint8Array) => {
  decode(textOf(bytes));
  return true;
};

const body = (type: string) => (bytes: Uint8Array) => {
  decodeBody(bytes, type);
  return true;
};

export const apiTargets: Decoders = {
  "api-json": body("application/json"),
  "api-yaml": body("application/yaml"),
  "api-protobuf": body("application/vnd.kubernetes.protobuf"),
  "api-path": took(parseRequestPath),
  "api-field-selector": took((text) => parseFieldSelector(text)),
  "api-label-selector": took(parseLabelSelector),
  "api-json-path": took(parseJsonPath),
  "api-continue": took(decodeContinue),
  "settings-file": took((text) => parseSettingsFile("settings.yaml", text)),
  "plugin-manifest": (bytes) => "manifest" in readManifest(parseBody(bytes, 100_000)),
};
