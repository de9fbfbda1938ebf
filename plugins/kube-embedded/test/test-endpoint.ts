import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeEndpoint } from "@skerry/contracts";
import { plugin as storageMemory } from "@skerry/storage-memory";
import { startTestNode } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { plugin } from "../src/index.ts";
import { type KeyPair, TestAuthority } from "./certificates.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as they come.
  readonly body: any;
}

export interface Call {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: KeyPair;
  readonly agent?: Agent;
}

/** The plugin in a real kernel on a free port, with keys in a folder of its own. */
export async function startTestEndpoint(tokens = "") {
  const home = await mkdtemp(join(tmpdir(), "skerry-kube-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const authority = await TestAuthority.create();
  const server = await authority.issue({ name: [{ CN: ["server"] }], usage: "server" });
  const admin = await authority.issue({ name: [{ O: ["system:masters"] }, { CN: ["admin"] }], usage: "client" });
  const files = {
    "ca.crt": authority.pem,
    "server.crt": server.certificate,
    "server.key": server.key,
    "admin.crt": admin.certificate,
    "admin.key": admin.key,
    "tokens.csv": tokens,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text, { mode: 0o600 });
  const settings = {
    listen: { port: 0 },
    tls: { certificate: "server.crt", key: "server.key", clientCa: "ca.crt", ca: join(home, "ca.crt") },
    admin: { certificate: "admin.crt", key: "admin.key" },
    tokensFile: "tokens.csv",
  };
  const node = await startTestNode({ plugins: [storageMemory, { plugin, settings }], node: { home } });
  const stop = () => node.stop();
  onTestFinished(stop);
  const endpoint = node.service(KubeEndpoint);
  const { url, ca } = endpoint.connection();

  const call = (method: string, path: string, { body, headers = {}, identity, agent }: Call = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const tls = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
      const options = { method, ca, headers, ...tls, ...(agent === undefined ? { agent: false } : { agent }) };
      const sent = httpsRequest(new URL(path, url), options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          const isJson = (response.headers["content-type"] ?? "").startsWith("application/json");
          const parsed = isJson && text !== "" ? JSON.parse(text.split("\n")[0] ?? "") : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });

  return { node, home, endpoint, url, ca, admin, authority, call, stop };
}
