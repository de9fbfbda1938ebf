import type { JsonObject } from "../../../kinds.ts";
import { about, byDefault, int32, int64, intOrString, listOf, record, text, texts } from "../schema-parts.ts";

const exec = record({ command: listOf(text) }, { description: "Runs a command in the container." });
const httpGet = record(
  {
    path: byDefault(text, "/"),
    port: intOrString,
    host: text,
    scheme: byDefault(text, "HTTP"),
    httpHeaders: listOf(record(texts("name", "value"), { required: ["name", "value"] })),
  },
  { required: ["port"], description: "Asks by HTTP; 200 to 399 is success." },
);
const tcpSocket = record(
  { port: intOrString, host: text },
  { required: ["port"], description: "Opens a TCP connection." },
);
const grpc = record({ port: int32, service: byDefault(text, "") }, { required: ["port"] });

export const probe: JsonObject = record({
  exec,
  httpGet,
  tcpSocket,
  grpc,
  initialDelaySeconds: about(int32, "Seconds before the first probe."),
  timeoutSeconds: about(byDefault(int32, 1), "Seconds after which a probe has failed."),
  periodSeconds: about(byDefault(int32, 10), "Seconds between probes."),
  successThreshold: about(byDefault(int32, 1), "Successes in a row after a failure."),
  failureThreshold: about(byDefault(int32, 3), "Failures in a row before it counts."),
  terminationGracePeriodSeconds: int64,
});

const handler = record({ exec, httpGet, tcpSocket, sleep: record({ seconds: int64 }, { required: ["seconds"] }) });

export const lifecycle = record(
  { postStart: handler, preStop: handler, stopSignal: text },
  { description: "Actions after the start and before the stop of the container." },
);
