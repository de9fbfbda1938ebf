import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, run } from "../e2e/skerry.ts";
import { needProgram } from "../faults/prerequisite.ts";

/** A containerd for one test file: its root, state, socket, network and cgroups are its own. Needs root. */
export class Containerd implements AsyncDisposable {
  readonly folder: string;
  readonly socket: string;
  /** Below which its Pods' cgroups are to be. */
  readonly cgroupParent: string;
  readonly #bridge: string;
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(folder: string) {
    const name = randomBytes(3).toString("hex");
    this.folder = folder;
    this.socket = join(folder, "containerd.sock");
    this.cgroupParent = `/skerry-${name}`;
    this.#bridge = `sk-${name}`;
  }

  /** @param pauseImage what its sandboxes run; pulled when the first one is made */
  static async start(pauseImage: string): Promise<Containerd> {
    await needProgram(["containerd", "--version"], "containerd runc containernetworking-plugins busybox-static");
    await needProgram(["runc", "--version"], "runc");
    const containerd = new Containerd(await mkdtemp(join(tmpdir(), "skerry-cri-")));
    await containerd.#configure(pauseImage);
    await containerd.run();
    return containerd;
  }

  /** Starts it again after `kill`. */
  async run(): Promise<void> {
    const child = spawn("containerd", ["-c", join(this.folder, "config.toml")], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-20_000);
      });
    }
    await eventually("an answer of containerd", async () => {
      if (child.exitCode !== null) throw new Error(`containerd ended with ${child.exitCode}: ${this.#log}`);
      const { code } = await run("ctr", ["-a", this.socket, "version"]);
      return code === 0 ? true : undefined;
    });
  }

  /** As a crash: its containers run on. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#endShims();
    const mounts = (await readFile("/proc/self/mountinfo", "utf8")).split("\n").map((line) => line.split(" ")[4] ?? "");
    for (const mount of mounts.filter((path) => path.startsWith(`${this.folder}/`)).reverse()) {
      await run("umount", ["-l", mount]);
    }
    await run("ip", ["link", "delete", this.#bridge]);
    await this.#removeCgroups();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Shims outlive containerd; they are known by its socket on their command line. */
  async #endShims(): Promise<void> {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (!line.includes("containerd-shim") || !line.includes(this.socket)) continue;
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
      for (const one of [...children.trim().split(" "), pid].filter((text) => text !== "")) {
        try {
          process.kill(Number(one), "SIGKILL");
        } catch {
          // It ended by itself.
        }
      }
    }
  }

  async #removeCgroups(): Promise<void> {
    const root = "/sys/fs/cgroup";
    for (const controller of [".", ...(await readdir(root))]) {
      const folder = join(root, controller, this.cgroupParent);
      for (const pod of await readdir(folder).catch(() => [])) await rmdir(join(folder, pod)).catch(() => undefined);
      await rmdir(folder).catch(() => undefined);
    }
  }

  async #configure(pauseImage: string): Promise<void> {
    const at = (name: string) => JSON.stringify(join(this.folder, name));
    const network = join(this.folder, "net.d");
    await mkdir(network);
    const bridge = {
      type: "bridge",
      bridge: this.#bridge,
      isGateway: true,
      ipMasq: false,
      ipam: { type: "host-local", dataDir: join(this.folder, "ipam"), ranges: [[{ subnet: "10.197.0.0/24" }]] },
    };
    const list = { cniVersion: "0.4.0", name: "skerry", plugins: [bridge] };
    await writeFile(join(network, "10-skerry.conflist"), JSON.stringify(list));
    await writeFile(
      join(this.folder, "config.toml"),
      `version = 2
root = ${at("root")}
state = ${at("state")}
[grpc]
  address = ${at("containerd.sock")}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${JSON.stringify(pauseImage)}
  restrict_oom_score_adj = true
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${JSON.stringify(network)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`,
    );
  }
}
