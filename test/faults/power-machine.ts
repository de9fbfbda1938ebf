import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { run, skerryCommand } from "../e2e/skerry.ts";
import { heartbeats } from "./installed.ts";
import { must, needProgram } from "./prerequisite.ts";

const init = resolve(import.meta.dirname, "machine-init.mjs");

export interface PowerMachineParts {
  /** Of the installation. */
  readonly home: string;
  /** A file with the ext4 that holds the edge's home. */
  readonly image: string;
  /** Ports of the machine's loopback that are to be reached from here. */
  readonly exposed: readonly number[];
  /** Ports that the machine's loopback has from here: port there, port here. */
  readonly given: readonly (readonly [there: number, here: number])[];
}

/**
 * A machine whose power can be cut: a user-mode Linux with an edge node, whose page cache dies with it. What was not synced to its
 * disk is lost, as no `kill -9` of a process shows.
 */
export class PowerMachine {
  /** Of this side. */
  readonly here: string;
  readonly there: string;
  /** Of this run. */
  output = "";
  readonly #cable = `sku${process.pid}`;
  #process: ChildProcess | undefined;

  constructor() {
    const net = `10.203.${process.pid % 250}`;
    this.here = `${net}.1`;
    this.there = `${net}.2`;
  }

  /** Makes its network, once. */
  async open(): Promise<void> {
    await needProgram(["linux.uml", "--version"], "user-mode-linux");
    await needProgram(["ip", "-V"], "iproute2");
    await must("ip", "tuntap", "add", "dev", this.#cable, "mode", "tap");
    await must("ip", "address", "add", `${this.here}/30`, "dev", this.#cable);
    await must("ip", "link", "set", this.#cable, "up");
  }

  /** Its edge node serves some seconds later. */
  start({ home, image, exposed, given }: PowerMachineParts): void {
    const machine = {
      home,
      address: this.there,
      routes: [
        ...exposed.map((port) => `${this.there}:${port}=127.0.0.1:${port}`),
        ...given.map(([there, here]) => `127.0.0.1:${there}=${this.here}:${here}`),
      ],
      command: skerryCommand(["edge", "--home", home]),
      environment: heartbeats,
    };
    const argument = Buffer.from(JSON.stringify(machine)).toString("base64url");
    const child = spawn(
      "linux.uml",
      [
        ...["mem=512M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", `ubd0=${image}`],
        ...[`vec0:transport=tap,ifname=${this.#cable},depth=64,gro=1`, "con=null", "con0=null,fd:1", "quiet"],
        ...[`init=${process.execPath}`, "--", init, argument],
      ],
      { stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    this.#process = child;
    this.output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  /** At once, with all that was not on its disk. */
  async cut(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("close", done));
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.cut();
    await run("ip", ["link", "delete", this.#cable]);
  }
}
