import { defineExtensionPoint } from "@skerry/plugin";

/**
 * Runs the containers of Pods: sandboxes, containers in them, and the images they start from. The verbs and states
 * are those of the Kubernetes Container Runtime Interface (cri-api, runtime.v1), so that a CRI runtime is a thin
 * translation; a runtime without kernel namespaces keeps a sandbox as a record.
 *
 * Guarantees: every verb is idempotent where CRI says so (`stop…` and `remove…` of what is stopped or gone resolve).
 * `createContainer`, `startContainer`, `runSandbox`, `stop…` and `remove…` resolve once their effect survives a
 * restart of the node: what was known before is listed afterwards, and a container that ran and does not any more is
 * listed as exited. Verbs of different containers do not wait for each other.
 *
 * Errors: the codes of `runtimeErrors`, and `SKERRY_STORAGE_FULL`.
 */
export interface WorkloadRuntime {
  readonly info: RuntimeInfo;
  readonly images: ImageService;

  /** Makes and starts a sandbox. Resolves with its id. */
  runSandbox(config: SandboxConfig): Promise<string>;
  /** Kills the containers of the sandbox that still run, without grace. */
  stopSandbox(id: string): Promise<void>;
  /** Stops the sandbox and removes it with its containers. Their log files stay. */
  removeSandbox(id: string): Promise<void>;
  sandboxes(): Promise<readonly Sandbox[]>;

  /** Makes a container that is ready to start. Checks what it would run: `SKERRY_RUNTIME_BAD_CONTAINER`. */
  createContainer(sandbox: string, config: ContainerConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Asks the container to end, and kills it when it did not after `graceMs` milliseconds. Resolves when it has ended. */
  stopContainer(id: string, graceMs: number): Promise<void>;
  /** Kills the container if it runs, and removes it. Its log file stays. */
  removeContainer(id: string): Promise<void>;
  /**
   * Runs a program in a running container, beside what runs there, and waits for its end: what CRI calls `ExecSync`.
   * `SKERRY_RUNTIME_TIMED_OUT` when it did not end within `timeoutMs` milliseconds, `SKERRY_RUNTIME_WRONG_STATE` when the
   * container does not run, `SKERRY_RUNTIME_NO_EXEC` where a container runs one program and no other.
   *
   * @param command program and arguments, no shell
   */
  runInContainer(id: string, command: readonly string[], timeoutMs: number): Promise<CommandResult>;
  containers(): Promise<readonly Container[]>;

  /** Calls after each change of a sandbox or container, with the ids. The listener looks at the state. */
  watch(changed: (change: RuntimeChange) => void): Disposable;
}

export interface RuntimeInfo {
  /** Of the runtime, for instance `skerry-wasm`. */
  readonly name: string;
  readonly version: string;
  /** The handlers of RuntimeClasses that it answers for. `""` is the node's default. */
  readonly handlers: readonly string[];
  /** Its programs have no users, no network and no kernel to speak of: a Pod cannot ask for more confinement than there is. */
  readonly isConfined: boolean;
}

export interface RuntimeChange {
  readonly sandbox: string;
  /** Absent when the sandbox itself changed. */
  readonly container?: string;
}

export interface SandboxConfig {
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** Counts the sandboxes of one Pod, from 0. */
  readonly attempt: number;
  /** The RuntimeClass handler that was asked for. */
  readonly handler: string;
  /** Empty: the node's. */
  readonly hostname: string;
  /** Absent: its own, and processes of each container are its own. A confined runtime has no use for it. */
  readonly namespaces?: SandboxNamespaces;
  /** A container in it may be privileged. */
  readonly isPrivileged?: boolean;
  /** Absolute path of the folder for log files of its containers. It exists. */
  readonly logDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the containers of a sandbox share, with each other or with the node. */
export interface SandboxNamespaces {
  readonly network: "pod" | "node";
  readonly pid: "container" | "pod" | "node";
  readonly ipc: "pod" | "node";
}

export interface Sandbox {
  readonly id: string;
  readonly config: SandboxConfig;
  readonly state: "ready" | "notReady";
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** Addresses of its own; empty when it has none, or shares the node's. */
  readonly ips: readonly string[];
}

export interface ContainerConfig {
  readonly name: string;
  /** Counts the containers of this name in one Pod, from 0: the restart count. */
  readonly attempt: number;
  /** The image as the Pod names it. */
  readonly image: string;
  /** The id that `pullImage` or `imageStatus` gave for it. */
  readonly imageId: string;
  /** In place of the image's entrypoint and arguments, as in a Pod. Empty: those of the image. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDirectory?: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly resources: ContainerResources;
  /** What it may do, compared with an ordinary container. A confined runtime has no use for it. */
  readonly security?: ContainerSecurity;
  /** Of its log file, relative to the sandbox's log directory, for instance `main/0.log`. Its format is CRI's. */
  readonly logPath: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Mount {
  /** Absolute path inside the container. */
  readonly containerPath: string;
  /** Absolute path of a folder or file of the node. */
  readonly hostPath: string;
  readonly readOnly: boolean;
}

export interface ContainerResources {
  /** Absent: what the runtime sets as its own limit. */
  readonly memoryLimitBytes?: number;
  /** Thousandths of a core. */
  readonly cpuLimitMillis?: number;
  readonly cpuRequestMillis?: number;
  /** Linux's `oom_score_adj`, -1000 to 1000: the higher, the sooner it is killed when the node has no memory left. */
  readonly oomScoreAdj?: number;
}

/** As in a Pod's security contexts. Absent members: what the image says, or the runtime's default. */
export interface ContainerSecurity {
  readonly user?: number;
  readonly group?: number;
  readonly supplementalGroups: readonly number[];
  /** It may do all that root of the node may. Its sandbox is privileged as well. */
  readonly privileged?: boolean;
  readonly readOnlyRoot: boolean;
  /** No program gets more rights than the one that started it. */
  readonly noNewPrivileges: boolean;
  /** Without `CAP_`; `ALL` is all of them. */
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly seccomp: "RuntimeDefault" | "Unconfined";
}

export interface Container {
  readonly id: string;
  readonly sandbox: string;
  readonly config: ContainerConfig;
  readonly state: "created" | "running" | "exited";
  /** Milliseconds since the Unix epoch, like the others. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Of an exited container: as a shell has it, 128 + n when a signal ended it. */
  readonly exitCode?: number;
  /** Of an exited container: `Completed`, `Error`, `OOMKilled`, `StartError` or, when the end was not seen, `Unknown`. */
  readonly reason?: string;
  /** For people: what a trap said. */
  readonly message?: string;
}

/** What a program left that has ended. */
export interface CommandResult {
  /** As a shell has it; 126 or 127 as a rule when it could not be started. */
  readonly exitCode: number;
  /** What it printed; a runtime may cut off the end. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** The images of one runtime, by reference. */
export interface ImageService {
  /** The image if it is on this node. */
  status(image: string): Promise<Image | undefined>;
  /**
   * Fetches the image, or what is newer of it.
   * `SKERRY_RUNTIME_BAD_IMAGE_NAME`, `SKERRY_RUNTIME_IMAGE_NOT_FOUND`, `SKERRY_RUNTIME_IMAGE_UNAVAILABLE`,
   * `SKERRY_RUNTIME_BAD_IMAGE`.
   */
  pull(image: string, credentials?: ImageCredentials): Promise<Image>;
  list(): Promise<readonly Image[]>;
  /** Resolves also when it is gone. */
  remove(id: string): Promise<void>;
}

export interface ImageCredentials {
  readonly username: string;
  readonly password: string;
}

export interface Image {
  /** Digest of its configuration or content, `sha256:…`: equal ids are equal images. */
  readonly id: string;
  /** The references it was pulled by. */
  readonly names: readonly string[];
  readonly bytes: number;
  /** Whom its programs run as when nobody says: a number, or a name that only the image knows. Absent: root, or nobody in particular. */
  readonly user?: number | string;
}

/** Filled by runtimes; owned by the plugin that reconciles Pods. */
export const workloadRuntimePoint = defineExtensionPoint<WorkloadRuntime>("workloads.runtime/1");
