import { Kube } from "../e2e/clients.ts";
import { eventually, Installation } from "../e2e/skerry.ts";
import { BusyboxContainerd } from "./busybox-containerd.ts";

const pods = "/api/v1/namespaces/default/pods";

/** An installation whose node runs containers of a containerd of its own. */
export class ContainerNode implements AsyncDisposable {
  private constructor(
    readonly runtime: BusyboxContainerd,
    readonly installation: Installation,
    readonly kube: Kube,
  ) {}

  static async start(): Promise<ContainerNode> {
    const runtime = await BusyboxContainerd.start();
    const { containerd } = runtime;
    const installation = await Installation.create();
    const { kubeconfig } = await installation.start({
      SKERRY_RUNTIME_CRI__SOCKET: containerd.socket,
      SKERRY_RUNTIME_CRI__CGROUP_PARENT: containerd.cgroupParent,
    });
    return new ContainerNode(runtime, installation, await Kube.from(kubeconfig));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.installation.remove();
    await this.runtime[Symbol.asyncDispose]();
  }

  /** A Pod with one container `main` that runs a shell script and ends when it is asked to. */
  async create(name: string, script: string, ofContainer: object = {}, ofPod: object = {}): Promise<void> {
    const command = ["/bin/sh", "-c", `trap "exit 0" TERM; ${script}`];
    const containers = [{ name: "main", image: this.runtime.image, command, ...ofContainer }];
    const spec = { terminationGracePeriodSeconds: 2, containers, ...ofPod };
    const { status, body } = await this.kube.post(pods, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }

  async delete(name: string): Promise<void> {
    await this.kube.delete(`${pods}/${name}`);
  }

  /** The status of the container `main` when it is as it should be. */
  main<T extends object>(name: string, what: string, is: (status: T) => boolean): Promise<T> {
    return eventually(what, async () => {
      const found = (await this.kube.get(`${pods}/${name}`)).body.status?.containerStatuses?.[0];
      return found !== undefined && is(found) ? found : undefined;
    });
  }

  gone(name: string): Promise<true> {
    return eventually("the end of the Pod", async () =>
      (await this.kube.get(`${pods}/${name}`)).status === 404 ? true : undefined,
    );
  }

  /** `reason: message` of each. */
  async events(name: string): Promise<readonly string[]> {
    const path = `/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${name}`;
    const { body } = await this.kube.get(path);
    return body.items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`);
  }
}

/** A shell's way to wait until it is asked to end. */
export const forever = "while :; do sleep 1 & wait $!; done";
