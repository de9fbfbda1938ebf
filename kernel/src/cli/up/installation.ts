import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { errorMessage } from "@skerry/plugin";
import { ControlClient } from "../control/client.ts";
import { errors } from "../errors.ts";
import type { Home } from "../home.ts";
import type { Announcer, Places } from "./announcer.ts";
import { Child } from "./child.ts";
import { Cluster } from "./cluster.ts";
import { type Endpoints, removeEndpoints, writeEndpoints } from "./endpoints.ts";
import { ExampleObjects } from "./example-objects.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { firstValues, isReady } from "./landmarks.ts";
import { childSpecs } from "./launch.ts";
import { cloudSettings, edgeSettings } from "./node-settings.ts";
import { ensurePki } from "./pki.ts";
import { choosePorts, type Ports, preferredPorts } from "./ports.ts";
import { watchFor } from "./watch-for.ts";
import { replaceFile } from "./write-file.ts";

const nodeName = "edge-1";
/** For each of three processes; together they stay under 3 s. */
const stopGraceMs = 900;
const patienceSeconds = 60;

/** Everything that `skerry up` runs, in one home. */
export class Installation {
  readonly #home: Home;
  readonly #built: { readonly bundles: string; readonly dist: string };
  readonly #announcer: Announcer;
  readonly #address: string | undefined;
  readonly #children: Child[] = [];
  readonly #pids: Record<string, number> = {};
  #ports: Ports = preferredPorts;
  #live = false;

  /**
   * @param built where the build put the bundles, and the folder above with mappers and examples
   * @param address where other machines reach this one, for nodes that are to join
   */
  constructor(
    home: Home,
    built: { readonly bundles: string; readonly dist: string },
    announcer: Announcer,
    address: string | undefined,
  ) {
    this.#home = home;
    this.#built = built;
    this.#address = address;
    this.#announcer = announcer;
  }

  places(): Places {
    return {
      home: this.#home.path,
      kubeconfig: this.#home.file("kubeconfig"),
      mqtt: `mqtt://127.0.0.1:${this.#ports.mqtt}`,
      workload: join(relative(process.cwd(), join(this.#built.dist, "..")), "docs/examples/hello-wasm"),
    };
  }

  /** Resolves when the node is Ready and the device shows values. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#prepare();
    const specs = childSpecs(this.#home, this.#built.bundles, this.#ports);
    await this.#run(new Child(specs.meter, this.#events("meter")), signal);
    this.#announcer.done(`simulated power meter (Modbus TCP) at 127.0.0.1:${this.#ports.meter}`);
    await this.#run(new Child(specs.cloud, this.#events("cloud")), signal);
    this.#announcer.done(`cloud kernel: Kubernetes API at https://127.0.0.1:${this.#ports.kubernetes}`);
    await this.#run(new Child(specs.edge, this.#events("edge")), signal);
    this.#announcer.done(`edge kernel ${nodeName}: MQTT at ${this.places().mqtt}`);
    await this.#becomeLive(signal);
  }

  async stop(): Promise<void> {
    this.#live = false;
    await removeEndpoints(this.#home);
    // Last started first: an edge that saw its meter go would report that as news.
    for (const child of [...this.#children].reverse()) await child.stop(stopGraceMs);
  }

  async #prepare(): Promise<void> {
    for (const folder of ["logs", "cloud", "edge"]) {
      await mkdir(this.#home.file(folder), { recursive: true, mode: 0o700 });
    }
    await removeEndpoints(this.#home);
    const file = this.#home.file("ports.json");
    const known = existsSync(file);
    const wanted = known
      ? { ...preferredPorts, ...(JSON.parse(await readFile(file, "utf8")) as Ports) }
      : preferredPorts;
    const { ports, replaced } = await choosePorts(wanted);
    this.#ports = ports;
    for (const { name, from, to } of replaced) this.#announcer.note(`port ${from} (${name}) is taken: using ${to}`);
    await replaceFile(file, JSON.stringify(ports));
    const addresses = this.#address === undefined ? [] : [this.#address];
    await ensurePki(this.#home.file("pki"), nodeName, new Date(), addresses);
    await replaceFile(this.#home.settings("cloud"), cloudSettings(this.#home, ports, this.#address), 0o600);
    await replaceFile(this.#home.settings("edge"), edgeSettings(this.#home, ports, this.#built.dist, nodeName), 0o600);
    await writeKubeconfig(this.#home, `https://127.0.0.1:${ports.kubernetes}`);
  }

  async #run(child: Child, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#children.push(child);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    await Promise.race([child.start(), aborted]);
  }

  async #becomeLive(signal: AbortSignal): Promise<void> {
    const cloud = await ControlClient.open(this.#home.control("cloud"));
    if (!cloud) throw errors.create("SKERRY_CLI_NOT_RUNNING", { home: this.#home.path });
    const cluster = new Cluster(cloud);
    const examples = new ExampleObjects(this.#home, join(this.#built.dist, "examples/demo-meter"));
    const hasDevice = await examples.bringAbout(cluster, this.#ports.meter);
    const patience = { seconds: patienceSeconds, logs: this.#home.file("logs"), signal };
    await watchFor(`node ${nodeName} Ready`, async () => isReady(await cluster.get("nodes", nodeName)), patience);
    this.#announcer.done(`node ${nodeName} is Ready`);
    if (hasDevice) {
      const model = await cluster.get("devicemodels", "demo-meter");
      const look = async () => firstValues(await cluster.get("devices", "meter-1"), model);
      this.#announcer.done(`device meter-1: ${await watchFor("a first value of meter-1", look, patience)}`);
    } else this.#announcer.note("device meter-1 was deleted: not waiting for its values");
    this.#live = true;
    await this.#writeEndpoints();
  }

  #events(name: string) {
    return {
      ready: (pid: number) => {
        const again = this.#pids[name] !== undefined;
        this.#pids[name] = pid;
        if (again) this.#announcer.done(`${name} is back (process ${pid})`);
        if (this.#live) this.#writeEndpoints().catch((error) => this.#announcer.note(errorMessage(error)));
      },
      restarting: (outcome: string, delayMs: number) => {
        this.#announcer.note(`${name} ended with ${outcome}; starting it again in ${delayMs / 1000} s`);
      },
    };
  }

  #writeEndpoints(): Promise<void> {
    const { kubeconfig, mqtt } = this.places();
    const meter = `127.0.0.1:${this.#ports.meter}`;
    const endpoints: Endpoints = { kubeconfig, mqtt, meter, pids: this.#pids };
    return writeEndpoints(this.#home, endpoints);
  }
}
