import type { StatusReport, StatusSection } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import type { EmbeddedKubeEndpoint } from "./embedded-kube-endpoint.ts";

/** The endpoint as this plugin's own classes see it. */
export const Endpoint = defineToken<EmbeddedKubeEndpoint>("kube-embedded.endpoint/1");

/** Where the API is, and how much it holds, for `skerry status`. */
export class KubernetesStatus implements StatusSection {
  readonly name = "kubernetes";
  readonly #endpoint: EmbeddedKubeEndpoint;

  constructor(@inject(Endpoint) endpoint: EmbeddedKubeEndpoint) {
    this.#endpoint = endpoint;
  }

  async collect(): Promise<StatusReport> {
    const { url, objects, resourceVersion } = this.#endpoint.facts();
    return {
      data: { url, objects, resourceVersion },
      lines: [`embedded API at ${url}, ${objects} objects, resourceVersion ${resourceVersion}`],
    };
  }
}
