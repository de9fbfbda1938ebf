import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A TCP proxy on a free port that can be cut. */
export async function startTcpProxy(target: URL) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let accepted = 0;
  const server = createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    accepted += 1;
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    drop();
    server.close();
  });
  return {
    url: `https://127.0.0.1:${port}`,
    /** Connections taken so far. */
    accepted: () => accepted,
    /** Ends all connections; new ones are taken. */
    drop,
    /** Ends all connections and takes no new ones until `open`. */
    close: () => {
      isOpen = false;
      drop();
    },
    open: () => {
      isOpen = true;
    },
  };
}
