import { defineToken } from "@skerry/plugin";

/** Where the Kubernetes API of this cloud kernel is, and how to be let in. */
export interface KubeEndpoint {
  /** Known after start. */
  connection(): KubeConnection;
}

export interface KubeConnection {
  /** `https://host:port`. */
  readonly url: string;
  /** PEM of the CA that signed the server's certificate. */
  readonly ca: string;
  readonly credentials:
    | { readonly type: "certificate"; readonly certificate: string; readonly key: string }
    | { readonly type: "token"; readonly token: string };
}

export const KubeEndpoint = defineToken<KubeEndpoint>("kube.endpoint/1");
