import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Output } from "../output.ts";

/** What the guide names. */
export interface Places {
  readonly home: string;
  readonly kubeconfig: string;
  /** URL of the edge node's bus. */
  readonly mqtt: string;
  /** Folder of the example workload. */
  readonly workload: string;
}

/** What `skerry up` tells a person, as things come true. */
export class Announcer {
  readonly #output: Output;
  readonly #started = performance.now();

  constructor(output: Output) {
    this.#output = output;
  }

  /** Something came true. */
  done(text: string): void {
    this.#line(`✓ ${text}`);
  }

  /** Something a person should know. */
  note(text: string): void {
    this.#line(`! ${text}`);
  }

  #line(text: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1).padStart(5);
    this.#output.out(`${seconds} s  ${text}\n`);
  }

  /** The closing text: addresses, and what to try from a second terminal. */
  guide(places: Places): void {
    const hasKubectl = findOnPath("kubectl");
    const url = new URL(places.mqtt);
    const patch = `kubectl patch device meter-1 --type merge -p '{"spec":{"desired":{"relay":true}}}'`;
    const lines = [
      "",
      `kubeconfig  ${places.kubeconfig}`,
      `MQTT        ${places.mqtt}`,
      "",
      "From a second terminal, try:",
      "",
      `  export KUBECONFIG=${places.kubeconfig}`,
      "  kubectl get nodes,devices",
      `  ${patch}`,
      `  mosquitto_sub -h ${url.hostname} -p ${url.port} -v -t 'skerry/#'`,
      `  kubectl apply -f ${places.workload}`,
      "  kubectl get pods -o wide",
      "",
      ...(hasKubectl
        ? []
        : [
            "kubectl is not on this machine's PATH: https://kubernetes.io/docs/tasks/tools/ tells where to get it.",
            `Until then: npx skerry get devices --home ${places.home}`,
            "",
          ]),
      "Ctrl-C stops everything.",
      "",
    ];
    this.#output.out(lines.join("\n"));
  }
}

function findOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
