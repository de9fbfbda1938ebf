import { FakeKubeEndpoint, RecordingLogger, SeededRandom } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { startTestEndpoint } from "../../kube-embedded/test/test-endpoint.ts";
import { Discovery } from "../src/discovery/discovery.ts";
import { KubeClient, KubeHttp } from "../src/index.ts";
import { systemClock } from "./system-clock.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** The client over the embedded API, with a proxy between them that can be cut. */
export async function startTestClient() {
  const embedded = await startTestEndpoint();
  const proxy = await startTcpProxy(new URL(embedded.url));
  const endpoint = new FakeKubeEndpoint({ ...embedded.endpoint.connection(), url: proxy.url });
  const http = new KubeHttp(endpoint, systemClock);
  const logger = new RecordingLogger();
  const client = new KubeClient(http, systemClock, new SeededRandom(), logger);
  const stop = async () => {
    await client.stop();
    await http.stop();
  };
  onTestFinished(stop);
  return { embedded, proxy, endpoint, http, client, logger, discovery: new Discovery(http), stop };
}
