// The first process of a user-mode Linux, on the host's own files: mounts the disk, gives itself a network, passes ports on, and
// runs an edge node until the power is cut.
//   node machine-init.mjs '{"home":…,"address":…,"routes":[…],"command":[…],"environment":{…}}'
import { spawn, spawnSync } from "node:child_process";

/** @type {{ home: string, address: string, routes: string[], command: string[], environment: Record<string, string> }} */
const machine = JSON.parse(Buffer.from(process.argv[2] ?? "", "base64url").toString());

/** @param {string} program @param {string[]} args */
function must(program, ...args) {
  const { status, stderr, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "pipe"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stderr}`);
}

process.env["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
must("mount", "-t", "proc", "proc", "/proc");
must("mount", "-t", "sysfs", "sysfs", "/sys");
must("mount", "-t", "tmpfs", "tmpfs", "/run");
must("mount", "-t", "ext4", "/dev/ubda", `${machine.home}/edge`);
must("ip", "link", "set", "lo", "up");
must("ip", "address", "add", `${machine.address}/30`, "dev", "vec0");
must("ip", "link", "set", "vec0", "up");

const environment = { ...process.env, ...machine.environment, TMPDIR: "/run" };
// Its own path is not known to the first process: it began before there was a /proc.
const [node = ""] = machine.command;
for (const [program = "", ...args] of [
  [node, `${import.meta.dirname}/relay.mjs`, ...machine.routes],
  machine.command,
]) {
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env: environment });
  child.on("exit", (code, signal) => process.stdout.write(`${args.join(" ")} ended with ${signal ?? code}\n`));
}
setInterval(() => undefined, 60_000);
