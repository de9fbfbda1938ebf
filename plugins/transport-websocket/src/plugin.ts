import { CloudRequests, NodeCredentials, Transport } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CloudWay, CloudWayToken } from "./cloud-way.ts";
import { FileCredentials } from "./file-credentials.ts";
import { HttpsRequests } from "./https-requests.ts";
import manifest from "./plugin.json" with { type: "json" };
import { EnvironmentToken, ProcessEnvironment } from "./proxy/process-environment.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(EnvironmentToken, ProcessEnvironment);
  scope.bind(CloudWayToken, CloudWay);
  scope.provide(CloudRequests, HttpsRequests);
  scope.provide(NodeCredentials, FileCredentials);
  scope.provide(Transport, WebSocketTransport);
});
