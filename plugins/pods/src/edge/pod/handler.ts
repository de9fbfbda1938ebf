/** What a probe or a hook of a container does: one of these. */
export interface Handler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: HttpGet;
  readonly tcpSocket?: { readonly host?: string; readonly port: Port };
  readonly grpc?: { readonly port: number; readonly service?: string };
}

export interface HttpGet {
  /** Default: the Pod's address. */
  readonly host?: string;
  readonly port: Port;
  readonly path?: string;
  readonly scheme?: "HTTP" | "HTTPS";
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
}

/** A number, or the name of one of the container's ports. */
export type Port = number | string;

export interface Probe extends Handler {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

export interface Hook extends Omit<Handler, "grpc"> {
  readonly sleep?: { readonly seconds: number };
}

export interface Lifecycle {
  readonly postStart?: Hook;
  readonly preStop?: Hook;
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}
