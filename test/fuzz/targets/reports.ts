import type { JsonValue, KubeObject } from "@skerry/contracts";
import { parseBody } from "../../../kernel/src/link/wire/json-body.ts";
import { parseNodeEvent } from "../../../plugins/nodes/src/shared/node-event.ts";
import { parseNodeFacts } from "../../../plugins/nodes/src/shared/node-facts.ts";
import { parsePodReport } from "../../../plugins/pods/src/cloud/parse-pod-report.ts";
import { readPod } from "../../../plugins/pods/src/edge/pod/read-pod.ts";
import { decodeRecord as decodePodRecord } from "../../../plugins/pods/src/edge/pod-record.ts";
import { decodeHealth } from "../../../plugins/pods/src/edge/probes/network/health-message.ts";
import { decodeToken } from "../../../plugins/pods/src/edge/tokens/kept-token.ts";
import { readTokenAnswer, readTokenRequest } from "../../../plugins/pods/src/shared/token-stream.ts";
import { parseSetMessage } from "../../../plugins/twins/src/edge/set-message.ts";
import { decodeRecord as decodeTwinRecord } from "../../../plugins/twins/src/edge/twin-record.ts";
import { parseSetTopic } from "../../../plugins/twins/src/edge/twin-topics.ts";
import { parseVersion } from "../../../plugins/twins/src/shared/hybrid-clock.ts";
import { parseTwinReport } from "../../../plugins/twins/src/shared/twin-report.ts";
import type { Decoders } from "./decoders.ts";

const longest = 1024 * 1024;

/** Reports arrive as JSON that the link has parsed. */
const ofJson = (parse: (value: JsonValue) => object | string) => (bytes: Uint8Array) => {
  const value = parseBody(bytes, longest);
  return value !== undefined && typeof parse(value as JsonValue) !== "string";
};

function pod(value: JsonValue): object | string {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value) && "metadata" in value;
  return isObject ? readPod(value as unknown as KubeObject) : "no object";
}

/** What the sealer opened; what is no token is thrown, and the token asked for anew. */
function keptToken(bytes: Uint8Array): boolean {
  try {
    return decodeToken(bytes).token !== "";
  } catch {
    return false;
  }
}

export const reportTargets: Decoders = {
  "twin-report": ofJson(parseTwinReport),
  "pod-report": ofJson(parsePodReport),
  "node-facts": ofJson(parseNodeFacts),
  "node-event": ofJson(parseNodeEvent),
  "pod-object": ofJson(pod),
  "pod-record": (bytes) => decodePodRecord(bytes) !== undefined,
  "grpc-health": (bytes) => decodeHealth(bytes) !== undefined,
  "twin-record": (bytes) => decodeTwinRecord(bytes) !== undefined,
  "token-request": ofJson((value) => readTokenRequest(value) ?? "none"),
  "token-answer": ofJson((value) => readTokenAnswer(value) ?? "none"),
  "kept-token": keptToken,
  "mqtt-set": (bytes) => !("refused" in parseSetMessage(bytes)),
  "mqtt-topic": (bytes) => parseSetTopic(Buffer.from(bytes).toString()) !== undefined,
  "twin-version": (bytes) => parseVersion(Buffer.from(bytes).toString()) !== undefined,
};
