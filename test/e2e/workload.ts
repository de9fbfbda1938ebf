import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Kube } from "./clients.ts";
import { eventually } from "./skerry.ts";

const deploymentPath = "/apis/apps/v1/namespaces/default/deployments/hello-wasm";
const podsPath = "/api/v1/namespaces/default/pods";

/** A Pod as far as the tests look into it. */
export interface SeenPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string }[] };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly SeenContainer[];
  };
}

export interface SeenContainer {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: {
    readonly waiting?: { readonly reason: string; readonly message?: string };
    readonly running?: { readonly startedAt: string };
    readonly terminated?: { readonly reason: string; readonly exitCode: number };
  };
  readonly lastState?: { readonly terminated?: { readonly reason: string; readonly exitCode: number } };
}

/** The example workload of `docs/examples/hello-wasm`, as a user of the Kubernetes API sees it. */
export class HelloWasm {
  static readonly manifest = "docs/examples/hello-wasm/hello-wasm.yaml";
  readonly #kube: Kube;
  readonly #home: string;

  /** @param home of the installation, for the log files on its node */
  constructor(kube: Kube, home: string) {
    this.#kube = kube;
    this.#home = home;
  }

  /** The objects that `kubectl apply -f docs/examples/hello-wasm` sends. */
  static async objects() {
    return parseAllDocuments(await readFile(HelloWasm.manifest, "utf8")).map((document) => document.toJS());
  }

  /** Changes the only container of the Deployment's template. */
  async change(container: object): Promise<void> {
    const { spec } = (await this.#kube.get(deploymentPath)).body;
    const [first] = spec.template.spec.containers;
    const containers = [{ ...first, ...container }];
    const { status, body } = await this.#kube.merge(deploymentPath, { spec: { template: { spec: { containers } } } });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }

  async scale(replicas: number): Promise<void> {
    const { status, body } = await this.#kube.merge(`${deploymentPath}/scale`, { spec: { replicas } });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }

  delete() {
    return this.#kube.delete(`${deploymentPath}?propagationPolicy=Background`);
  }

  async pods(): Promise<readonly SeenPod[]> {
    const { items } = (await this.#kube.get(`${podsPath}?labelSelector=app%3Dhello-wasm`)).body;
    return items as readonly SeenPod[];
  }

  /** Waits until exactly this many Pods exist and all are Ready, as `kubectl rollout status` does; gives them. */
  running(count: number, seconds?: number): Promise<readonly SeenPod[]> {
    const look = async () => {
      const { metadata, status = {} } = (await this.#kube.get(deploymentPath)).body;
      const pods = await this.pods();
      const isDone =
        status.observedGeneration === metadata.generation &&
        (status.updatedReplicas ?? 0) === count &&
        (status.availableReplicas ?? 0) === count &&
        pods.length === count &&
        pods.every(isReady);
      return isDone ? pods : undefined;
    };
    return eventually(`${count} Pods Ready`, look, seconds);
  }

  /** What a container printed, without the log format's prefix. */
  async log({ metadata, spec }: SeenPod, attempt = 0): Promise<readonly string[]> {
    const folder = `default_${metadata.name}_${metadata.uid}`;
    const file = join(this.#home, "edge/pods", folder, spec.containers[0]?.name ?? "", `${attempt}.log`);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    return lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+Z (stdout|stderr) [FP] /, ""));
  }

  /** Waits until the newest Pod has printed another line than now. */
  async goesOn(pod: SeenPod, attempt = 0): Promise<void> {
    const before = (await this.log(pod, attempt)).length;
    await eventually("another line", async () => ((await this.log(pod, attempt)).length > before ? true : undefined));
  }

  /** Reasons of the events about an object of this name. */
  async events(name: string): Promise<readonly { reason: string; message: string; count: number; type: string }[]> {
    const { items } = (await this.#kube.get("/api/v1/namespaces/default/events")).body;
    return items.filter(({ involvedObject }: { involvedObject: { name: string } }) => involvedObject.name === name);
  }
}

function isReady({ status, metadata }: SeenPod): boolean {
  const ready = status.conditions?.find(({ type }) => type === "Ready")?.status;
  return status.phase === "Running" && ready === "True" && metadata.deletionTimestamp === undefined;
}
