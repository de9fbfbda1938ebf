import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, StatusSection } from "@skerry/contracts";
import { type Contribution, errorMessage } from "@skerry/plugin";
import type { BootReport } from "../../host/index.ts";
import { explain } from "../explain.ts";
import { type CommandMessage, type ControlFile, maximumRequestBytes, type NodeStatus } from "./protocol.ts";

/** What the control socket shows of a node. */
export interface ControlledNode {
  readonly name: string;
  readonly profile: string;
  inspect(): BootReport;
  sections(): readonly Contribution<StatusSection>[];
  commands(): readonly Contribution<Command>[];
}

/** Serves the control socket from `start` to `stop`. */
export class ControlServer {
  readonly #node: ControlledNode;
  readonly #file: string;
  readonly #server: Server;
  #folder: string | undefined;

  /** @param file where to write {@link ControlFile} */
  constructor(node: ControlledNode, file: string) {
    this.#node = node;
    this.#file = file;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
        response.end(errorMessage(error));
      });
    });
  }

  async start(): Promise<void> {
    // A socket path is at most 107 bytes long, which a home folder's may exceed; a new folder under the
    // temporary one is short, and only this user may enter it.
    this.#folder = await mkdtemp(join(tmpdir(), "skerry-"));
    const socket = join(this.#folder, "control.sock");
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(socket, resolve);
    });
    const contents: ControlFile = { socket, pid: process.pid };
    await writeFile(this.#file, JSON.stringify(contents), { mode: 0o600 });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    // On a disk that takes no writes it stays; a file that names a dead process counts as none.
    await rm(this.#file, { force: true }).catch(() => undefined);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (request.method === "GET" && path === "/v0/inspect") return sendJson(response, this.#node.inspect());
    if (request.method === "GET" && path === "/v0/status") return sendJson(response, await this.#status());
    if (request.method === "GET" && path === "/v0/commands") {
      const listings = this.#node.commands().map(({ value: { name, summary, usage } }) => ({ name, summary, usage }));
      return sendJson(response, listings);
    }
    const command = this.#node.commands().find(({ value }) => path === `/v0/commands/${value.name}`)?.value;
    if (request.method === "POST" && command) return this.#run(command, request, response);
    response.writeHead(404).end();
  }

  async #status(): Promise<NodeStatus> {
    const sections: Record<string, NodeStatus["sections"][string]> = {};
    const lines: Record<string, readonly string[]> = {};
    for (const { plugin, value } of this.#node.sections()) {
      try {
        const report = await value.collect();
        sections[value.name] = report.data;
        lines[value.name] = report.lines;
      } catch (error) {
        sections[value.name] = { error: errorMessage(error) };
        lines[value.name] = [`not available, ${plugin} says: ${errorMessage(error)}`];
      }
    }
    const { name, profile } = this.#node;
    return { node: name, profile, state: this.#node.inspect().state, sections, lines };
  }

  async #run(command: Command, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = commandRequest(await readBody(request));
    if (call === undefined) {
      response.writeHead(400).end("expected {arguments: string[], directory: string}");
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const send = (message: CommandMessage) => response.write(`${JSON.stringify(message)}\n`);
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    let exit = 1;
    try {
      exit = await command.run({
        ...call,
        out: (out) => send({ out }),
        err: (err) => send({ err }),
        signal: gone.signal,
      });
    } catch (error) {
      send({ err: explain(error) });
    }
    send({ exit });
    response.end();
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumRequestBytes) throw new RangeError(`request longer than ${maximumRequestBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function commandRequest(text: string): { arguments: readonly string[]; directory: string } | undefined {
  try {
    const value = JSON.parse(text) as { arguments?: unknown; directory?: unknown };
    const { arguments: args, directory } = value;
    if (!Array.isArray(args) || !args.every((item) => typeof item === "string") || typeof directory !== "string") {
      return undefined;
    }
    return { arguments: args, directory };
  } catch {
    return undefined;
  }
}
