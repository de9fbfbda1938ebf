import type { Resource } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import { type KubeHttp, KubeHttpToken } from "../http/kube-http.ts";
import { apiVersionOf } from "../http/resource-path.ts";

export interface DiscoveredResource extends Resource {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
}

/** `apidiscovery.k8s.io` APIGroupDiscoveryList; its two versions look alike. */
interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope: "Cluster" | "Namespaced";
        readonly singularResource?: string;
        readonly shortNames?: readonly string[];
        readonly verbs?: readonly string[];
      }[];
    }[];
  }[];
}

const accept = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

/** What the API serves, asked once and again after `forget`. Needs Kubernetes 1.26 or newer. */
export class Discovery {
  readonly #http: KubeHttp;
  #resources: Promise<readonly DiscoveredResource[]> | undefined;

  constructor(@inject(KubeHttpToken) http: KubeHttp) {
    this.#http = http;
  }

  forget(): void {
    this.#resources = undefined;
  }

  /** The resource of a kind as objects name it. */
  async ofKind(apiVersion: string, kind: string): Promise<DiscoveredResource | undefined> {
    const all = await this.#all();
    return all.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
  }

  /** The resource for a word of the command line: `devices`, `device`, `dev`, `devices.devices.skerry.dev`. */
  async byWord(word: string): Promise<DiscoveredResource | undefined> {
    const wanted = word.toLowerCase();
    return (await this.#all()).find(({ plural, singular, shortNames, group, kind }) => {
      const names = [plural, singular || kind.toLowerCase(), ...shortNames];
      return names.some((name) => name === wanted || `${name}.${group}` === wanted);
    });
  }

  /** In the order of the server: the core group first, preferred versions first. */
  #all(): Promise<readonly DiscoveredResource[]> {
    this.#resources ??= this.#read().catch((error: unknown) => {
      this.#resources = undefined;
      throw error;
    });
    return this.#resources;
  }

  async #read(): Promise<readonly DiscoveredResource[]> {
    const roots = ["/api", "/apis"].map((path) =>
      this.#http.json<DiscoveryList>({ path, accept, subject: "discover what the API serves" }),
    );
    return (await Promise.all(roots)).flatMap(resourcesOf);
  }
}

export const DiscoveryToken = defineToken<Discovery>("kube-client.discovery/1");

function resourcesOf({ items = [] }: DiscoveryList): readonly DiscoveredResource[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map((resource) => ({
        group: metadata?.name ?? "",
        version,
        kind: resource.responseKind?.kind ?? "",
        plural: resource.resource,
        namespaced: resource.scope === "Namespaced",
        singular: resource.singularResource ?? "",
        shortNames: resource.shortNames ?? [],
        verbs: resource.verbs ?? [],
      })),
    ),
  );
}
