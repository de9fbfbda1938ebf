import { join } from "node:path";

/** Where a Pod has its files on the node: volumes by uid, logs as the kubelet names them. */
export class PodFolders {
  readonly root: string;
  readonly logs: string;

  constructor(home: string, { namespace, name, uid }: { namespace: string; name: string; uid: string }) {
    this.root = join(home, "pods", uid);
    this.logs = join(home, "pods", `${namespace}_${name}_${uid}`);
  }

  volume(name: string): string {
    return join(this.root, "volumes", name);
  }
}
