import { parseSettingsFile } from "../../../kernel/src/cli/node/settings-layers.ts";
import { readManifest } from "../../../kernel/src/host/manifest.ts";
import { parseBody } from "../../../kernel/src/link/wire/json-body.ts";
import { decodeContinue } from "../../../plugins/kube-embedded/src/api/continue-token.ts";
import { decodeBody } from "../../../plugins/kube-embedded/src/http/body.ts";
import { parseRequestPath } from "../../../plugins/kube-embedded/src/http/request-path.ts";
import { isJsonObject } from "../../../plugins/kube-embedded/src/kinds.ts";
import { parseJsonPath } from "../../../plugins/kube-embedded/src/printing/json-path-parser.ts";
import { parseFieldSelector } from "../../../plugins/kube-embedded/src/selectors/field-selector.ts";
import { parseLabelSelector } from "../../../plugins/kube-embedded/src/selectors/label-selector.ts";
import { openToken } from "../../../plugins/kube-embedded/src/tokens/json-web-token.ts";
import { newSigningKey, signingKeyOf } from "../../../plugins/kube-embedded/src/tokens/signing-key.ts";
import { subjectOf, userOf } from "../../../plugins/kube-embedded/src/tokens/token-claims.ts";
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

const signingKey = signingKeyOf(newSigningKey());

/** Whole tokens, and the claims of one whose signature held. */
function token(bytes: Uint8Array): boolean {
  openToken(textOf(bytes), signingKey);
  const claims = decodeBody(bytes, "application/json").value;
  return isJsonObject(claims) && userOf(subjectOf(claims), "id").name !== "";
}

export const apiTargets: Decoders = {
  "api-json": body("application/json"),
  "api-yaml": body("application/yaml"),
  "api-protobuf": body("application/vnd.kubernetes.protobuf"),
  "api-path": took(parseRequestPath),
  "api-field-selector": took((text) => parseFieldSelector(text)),
  "api-label-selector": took(parseLabelSelector),
  "api-json-path": took(parseJsonPath),
  "api-continue": took(decodeContinue),
  "api-token": token,
  "settings-file": took((text) => parseSettingsFile("settings.yaml", text)),
  "plugin-manifest": (bytes) => "manifest" in readManifest(parseBody(bytes, 100_000)),
};
