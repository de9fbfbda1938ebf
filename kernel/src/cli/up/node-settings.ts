import { isIPv6 } from "node:net";
import { stringify } from "yaml";
import type { Home } from "../home.ts";
import { certificates } from "./pki.ts";
import type { Ports } from "./ports.ts";

const pair = (home: Home, name: string) => ({
  certificate: home.file("pki", `${name}.crt`),
  key: home.file("pki", `${name}.key`),
});

const linkUrl = (ports: Ports, address = "127.0.0.1") =>
  `wss://${isIPv6(address) ? `[${address}]` : address}:${ports.link}`;

function listenAt(address: string | undefined): string {
  if (address === undefined) return "127.0.0.1";
  return isIPv6(address) ? "::" : "0.0.0.0";
}

const note = "# Written by `skerry up` at every start. To set more, use the environment or --set.\n";

/**
 * `settings.yaml` of the cloud kernel that `skerry up` runs.
 *
 * @param address where other machines reach it; without one it serves this machine alone
 */
export function cloudSettings(home: Home, ports: Ports, address: string | undefined): string {
  const ca = home.file("pki", `${certificates.ca}.crt`);
  const server = pair(home, certificates.server);
  return (
    note +
    stringify({
      node: "cloud",
      plugins: {
        "kube-embedded": {
          listen: { host: "127.0.0.1", port: ports.kubernetes },
          tls: { ...server, clientCa: ca, ca },
          admin: pair(home, certificates.cloud),
        },
        "transport-websocket": {
          listen: { host: listenAt(address), port: ports.link },
          tls: { ca, ...server },
        },
        "enrolment/cloud": { url: linkUrl(ports, address), authority: pair(home, certificates.ca) },
      },
    })
  );
}

/** `settings.yaml` of the edge node that `skerry up` runs. */
export function edgeSettings(home: Home, ports: Ports, dist: string, nodeName: string): string {
  const ca = home.file("pki", `${certificates.ca}.crt`);
  return (
    note +
    stringify({
      node: nodeName,
      plugins: {
        "transport-websocket": {
          url: linkUrl(ports),
          tls: { ca, ...pair(home, certificates.edge) },
        },
        // The cloud is on this machine: there is no reason to be patient.
        "kernel/edge-link": { reconnect: { longestMs: 1_000 } },
        "mqtt-aedes": { listen: { host: "127.0.0.1", port: ports.mqtt } },
        "mappers-extism": { directory: `${dist}/mappers` },
      },
    })
  );
}
