import { Clock, KubeApi, type KubeObject } from "@skerry/contracts";
import { defineToken, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { errors } from "../../errors.ts";
import { compareAndSwap } from "../compare-and-swap.ts";
import { configMaps, fieldManager, namespaces, systemNamespace } from "../kinds.ts";
import {
  type Identity,
  identityData,
  identityLabel,
  identityName,
  identityObject,
  type KnownCertificate,
  readIdentity,
} from "./identity.ts";

export const NodeIdentitiesToken = defineToken<NodeIdentities>("enrolment.node-identities/1");

/** A node that renews again and again without using what it got keeps so many certificates. */
const mostCertificates = 4;

/**
 * The identities of nodes, as ConfigMaps of the cluster: all cloud kernels share them. What is read by `seen` may be
 * older than what another kernel just wrote; what is read by `fresh` is not.
 */
export class NodeIdentities implements Startable, Stoppable {
  readonly #seen = new Map<string, Identity>();
  readonly #listeners = new Set<(node: string) => void>();
  #watch: Disposable | undefined;
  #synced: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => {
    this.#synced = resolve;
  });

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async start(): Promise<void> {
    const changed = (object: KubeObject, identity: Identity | undefined) => {
      const { node } = readIdentity(object);
      if (identity) this.#seen.set(node, identity);
      else this.#seen.delete(node);
      for (const listener of this.#listeners) listener(node);
    };
    this.#watch = this.kube.watch(
      configMaps,
      {
        upsert: (object) => changed(object, readIdentity(object)),
        remove: (object) => changed(object, undefined),
        synced: () => this.#synced(),
      },
      { namespace: systemNamespace, labelSelector: `${identityLabel}=true` },
    );
  }

  async stop(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
  }

  /** Calls with the name of a node whose identity changed. */
  watch(changed: (node: string) => void): Disposable {
    this.#listeners.add(changed);
    return { [Symbol.dispose]: () => void this.#listeners.delete(changed) };
  }

  /** `undefined`: nothing is known of its certificates. */
  async seen(node: string): Promise<Identity | undefined> {
    await this.#ready;
    return this.#seen.get(node);
  }

  async fresh(node: string): Promise<Identity | undefined> {
    const object = await this.kube.get(configMaps, identityName(node));
    return object && readIdentity(object);
  }

  async list(): Promise<readonly Identity[]> {
    await this.#ready;
    return [...this.#seen.values()].sort((one, other) => one.node.localeCompare(other.node));
  }

  /**
   * From now on this certificate alone is the node's. Rejects with `SKERRY_ENROLMENT_NAME_TAKEN` when another key has been
   * the node before, unless that may be replaced.
   */
  async enrol(node: string, certificate: KnownCertificate, mayReplace: boolean): Promise<void> {
    const metadata = { name: systemNamespace };
    await this.kube.apply({ apiVersion: "v1", kind: "Namespace", metadata }, namespaces, { fieldManager });
    await this.#change(node, (known) => {
      const isSame = known?.certificates.some(({ key }) => key === certificate.key) ?? true;
      if (!isSame && !mayReplace) throw errors.create("SKERRY_ENROLMENT_NAME_TAKEN", { node });
      return { node, certificates: [certificate], revoked: undefined };
    });
  }

  /**
   * The node may use another certificate beside the one that it proved to have. Rejects with
   * `SKERRY_ENROLMENT_REVOKED` or `…_NOT_CURRENT`.
   */
  async renew(node: string, proven: KnownCertificate, next: KnownCertificate): Promise<void> {
    await this.#change(node, (known) => {
      if (known) admit(known, proven.serial);
      const kept = known?.certificates ?? [proven];
      return { node, certificates: [...kept, next].slice(-mostCertificates), revoked: undefined };
    });
  }

  /** No certificate that there is until now is the node's any more. */
  async revoke(node: string): Promise<void> {
    const revoked = new Date(this.clock.now()).toISOString();
    await this.#change(node, () => ({ node, certificates: [], revoked }));
  }

  async #change(node: string, change: (known: Identity | undefined) => Identity): Promise<void> {
    await compareAndSwap(`the identity of the node ${node}`, async () => {
      const object = await this.kube.get(configMaps, identityName(node));
      const next = change(object && readIdentity(object));
      if (object === undefined) return this.kube.create(identityObject(next), configMaps);
      const { resourceVersion = "" } = object.metadata;
      const patch = { metadata: { resourceVersion }, data: identityData(next) };
      return this.kube.patch(configMaps, identityName(node), patch, { fieldManager });
    });
  }
}

/** Throws `SKERRY_ENROLMENT_REVOKED` or `…_NOT_CURRENT` for a certificate that is not the node's. */
export function admit({ node, certificates, revoked }: Identity, serial: string): void {
  if (certificates.some((certificate) => certificate.serial === serial)) return;
  throw revoked === undefined
    ? errors.create("SKERRY_ENROLMENT_NOT_CURRENT", { node })
    : errors.create("SKERRY_ENROLMENT_REVOKED", { node, at: revoked });
}
