import type { KubeObject } from "@skerry/contracts";

/** A Pod as far as a node acts on it; the API has validated it. */
export interface Pod extends KubeObject {
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly runtimeClassName?: string;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly hostname?: string;
  readonly serviceAccountName?: string;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly initContainers?: readonly PodContainer[];
  readonly containers: readonly PodContainer[];
  readonly volumes?: readonly Volume[];
}

export interface PodContainer {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly restartPolicy?: "Always";
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvSource[];
  readonly resources?: Resources;
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface Resources {
  readonly limits?: Readonly<Record<string, string | number>>;
  readonly requests?: Readonly<Record<string, string | number>>;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeyRef;
    readonly secretKeyRef?: KeyRef;
    readonly fieldRef?: { readonly fieldPath: string };
    readonly resourceFieldRef?: { readonly resource: string; readonly containerName?: string };
  };
}

export interface KeyRef {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

export interface EnvSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

export interface ObjectSource {
  readonly name?: string;
  readonly secretName?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: ObjectSource;
  readonly secret?: ObjectSource;
  readonly projected?: { readonly sources?: readonly VolumeSource[] };
  readonly downwardAPI?: DownwardSource;
  readonly emptyDir?: object;
  readonly [type: string]: unknown;
}

export interface DownwardSource {
  readonly items?: readonly { readonly path: string; readonly fieldRef?: { readonly fieldPath: string } }[];
}

export interface VolumeSource {
  readonly configMap?: ObjectSource;
  readonly secret?: ObjectSource;
  readonly downwardAPI?: DownwardSource;
  readonly [type: string]: unknown;
}
