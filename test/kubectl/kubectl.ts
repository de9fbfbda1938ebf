import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeConnection } from "@skerry/contracts";
import { onTestFinished } from "vitest";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The real kubectl against one API, with a configuration and caches of its own. */
export class Kubectl {
  readonly #args: readonly string[];
  readonly #home: string;

  private constructor(args: readonly string[], home: string) {
    this.#args = args;
    this.#home = home;
  }

  /** @param home an empty folder, for the configuration and what kubectl caches */
  static async create({ url, ca, credentials }: KubeConnection, home: string): Promise<Kubectl> {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const user =
      credentials.type === "token"
        ? { token: credentials.token }
        : {
            "client-certificate-data": base64(credentials.certificate),
            "client-key-data": base64(credentials.key),
          };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster: { server: url, "certificate-authority-data": base64(ca) } }],
      users: [{ name: "test", user }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      "current-context": "test",
    };
    const file = join(home, "kubeconfig.json");
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return new Kubectl(["--kubeconfig", file, "--cache-dir", join(home, "cache")], home);
  }

  /** Runs a command to its end, whatever that is. */
  run(args: readonly string[], input?: unknown, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = { env: { PATH: process.env["PATH"] ?? "", HOME: this.#home, ...env }, timeout: 60_000 };
      const child = execFile("kubectl", [...this.#args, ...args], options, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out, err });
      });
      child.stdin?.end(typeof input === "string" ? input : input === undefined ? "" : JSON.stringify(input));
    });
  }

  /** Standard output of a command that succeeds, with nothing on standard error. */
  async ok(...args: readonly string[]): Promise<string> {
    return this.#succeeded(args, await this.run(args));
  }

  /** The same with something on standard input, for `-f -`. */
  async send(input: unknown, ...args: readonly string[]): Promise<string> {
    return this.#succeeded(args, await this.run(args, input));
  }

  /** Standard error of a command that fails. */
  async fail(args: readonly string[], input?: unknown): Promise<string> {
    const { code, out, err } = await this.run(args, input);
    if (code === 0) throw new Error(`kubectl ${args.join(" ")} succeeded: ${out}`);
    return err;
  }

  /** Starts a command that goes on until the test ends; `out()` grows. */
  follow(...args: readonly string[]): { out(): string } {
    const child = spawn("kubectl", [...this.#args, ...args], {
      env: { PATH: process.env["PATH"] ?? "", HOME: this.#home },
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
    onTestFinished(async () => {
      child.kill();
      await ended;
    });
    return { out: () => out };
  }

  #succeeded(args: readonly string[], { code, out, err }: Outcome): string {
    if (code !== 0 || err !== "") throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${err}\n${out}`);
    return out;
  }
}
