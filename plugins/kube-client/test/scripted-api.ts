import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { FakeKubeEndpoint } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { TestAuthority } from "../../kube-embedded/test/certificates.ts";

export type Script = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** An HTTPS server that answers as the test says. */
export async function startScriptedApi(script: Script) {
  const authority = await TestAuthority.create();
  const { certificate, key } = await authority.issue({ name: [{ CN: ["server"] }], usage: "server" });
  const requests: string[] = [];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    script(request, response, new URL(request.url ?? "/", "https://127.0.0.1"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const credentials = { type: "token", token: "secret" } as const;
  return { url, ca: authority.pem, requests, endpoint: new FakeKubeEndpoint({ url, ca: authority.pem, credentials }) };
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
