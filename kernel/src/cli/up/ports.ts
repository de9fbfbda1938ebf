import { createServer } from "node:net";

/** What listens where. Kept in the home, so that addresses survive a restart. */
export interface Ports {
  readonly kubernetes: number;
  readonly link: number;
  readonly mqtt: number;
  readonly meter: number;
}

export const portNames = ["kubernetes", "link", "mqtt", "meter"] as const;

/** Ports to try first on a new home: those a user would expect. */
export const preferredPorts: Ports = { kubernetes: 6443, link: 10443, mqtt: 1883, meter: 5020 };

export interface PortChoice {
  readonly ports: Ports;
  /** The ports that were wanted and taken by somebody else. */
  readonly replaced: readonly { readonly name: keyof Ports; readonly from: number; readonly to: number }[];
}

/** Keeps each wanted port that is free on 127.0.0.1 and replaces each that is taken. 0 stands for any free one. */
export async function choosePorts(wanted: Ports): Promise<PortChoice> {
  const ports: Record<keyof Ports, number> = { ...wanted };
  const replaced: { name: keyof Ports; from: number; to: number }[] = [];
  for (const name of portNames) {
    const from = wanted[name];
    if (from !== 0 && (await listenOnce(from)) !== undefined) continue;
    const to = await freePort();
    ports[name] = to;
    if (from !== 0) replaced.push({ name, from, to });
  }
  return { ports, replaced };
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("127.0.0.1 has no free port");
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
