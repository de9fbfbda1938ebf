import { readFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { errorCode, errorMessage } from "@skerry/plugin";
import type { BootReport } from "../../host/index.ts";
import { errors } from "../errors.ts";
import type { CommandListing, CommandMessage, CommandRequest, ControlFile, NodeStatus } from "./protocol.ts";

/** Talks to one running node. */
export class ControlClient {
  readonly #home: string;
  readonly #socket: string;
  readonly pid: number;

  private constructor(home: string, file: ControlFile) {
    this.#home = home;
    this.#socket = file.socket;
    this.pid = file.pid;
  }

  /** The node whose control file this is; `undefined` when none runs. A file left by a dead node counts as none. */
  static async open(controlFile: string): Promise<ControlClient | undefined> {
    let file: ControlFile;
    try {
      file = JSON.parse(await readFile(controlFile, "utf8")) as ControlFile;
      process.kill(file.pid, 0);
    } catch (error) {
      // EPERM: it runs, under another user; connecting will say so.
      if (errorCode(error) !== "EPERM") return undefined;
      throw errors.create("SKERRY_CONTROL_FAILED", { home: controlFile, problem: "it belongs to another user" }, error);
    }
    const client = new ControlClient(controlFile, file);
    return (await client.#answers()) ? client : undefined;
  }

  inspect(): Promise<BootReport> {
    return this.#get("/v0/inspect");
  }

  status(): Promise<NodeStatus> {
    return this.#get("/v0/status");
  }

  commands(): Promise<readonly CommandListing[]> {
    return this.#get("/v0/commands");
  }

  /** Runs a command in the node; gives its exit code. */
  async run(name: string, call: CommandRequest, write: (message: CommandMessage) => void): Promise<number> {
    const response = await this.#request("POST", `/v0/commands/${name}`, JSON.stringify(call));
    let exit: number | undefined;
    for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      const message = JSON.parse(line) as CommandMessage;
      if ("exit" in message) exit = message.exit;
      else write(message);
    }
    if (exit === undefined) throw this.#failed("it stopped in the middle of the command");
    return exit;
  }

  /** A process id may have been given to another program since: only an open socket proves that it is our node. */
  async #answers(): Promise<boolean> {
    try {
      await this.commands();
      return true;
    } catch {
      return false;
    }
  }

  async #get<T>(path: string): Promise<T> {
    const response = await this.#request("GET", path);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as T;
  }

  #request(method: string, path: string, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ socketPath: this.#socket, method, path }, (response) => {
        if (response.statusCode === 200) resolve(response);
        else reject(this.#failed(`it answered ${response.statusCode ?? 0} to ${path}`));
      });
      request.on("error", (error) => reject(this.#failed(errorMessage(error), error)));
      request.end(body);
    });
  }

  #failed(problem: string, cause?: unknown) {
    return errors.create("SKERRY_CONTROL_FAILED", { home: this.#home, problem }, cause);
  }
}
