import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Clock, maximumFrameBytes, type Timer } from "@skerry/contracts";
import { WebSocket } from "ws";
import { ownCertificateTrouble } from "./certificate-trouble.ts";
import { type Attempt, connectTrouble, notAccepted } from "./connect-trouble.ts";
import { connectTls, type DialTarget } from "./dial-target.ts";
import { errors } from "./errors.ts";
import { handshakeWithinMs, maximumHeaderBytes, reachWithinMs } from "./limits.ts";
import { peerIdentity } from "./peer-name.ts";
import type { TlsFiles } from "./tls-files.ts";

export interface DialOptions extends DialTarget {
  readonly files: TlsFiles;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A connection that leads there already. */
  readonly tunnel: Socket | undefined;
}

/**
 * Opens a WebSocket to a server whose certificate the CA signed for that host. `opened` is called with it and the
 * server's common name before anything is read from it. Rejects with the errors of `Transport.connect`.
 */
export function dial<T>(options: DialOptions, opened: (socket: WebSocket, identity: string) => T): Promise<T> {
  const { address, files, clock, signal, tunnel } = options;
  return new Promise((resolve, reject) => {
    let tls: TLSSocket | undefined;
    let isSecure = false;
    let timer: Timer | undefined;
    const attempt = (): Attempt => ({
      address,
      isSecure,
      ownTrouble: () => ownCertificateTrouble(files, clock.now()),
    });

    const socket = new WebSocket(`wss://${address}/`, {
      // Frames are compressed where that pays, by the link itself; a context for each socket would cost the cloud far more memory than a session does.
      perMessageDeflate: false,
      maxPayload: maximumFrameBytes,
      maxHeaderSize: maximumHeaderBytes,
      createConnection: () => {
        tls = connectTls(options, files.context, tunnel);
        tls.once("connect", () => within(handshakeWithinMs));
        tls.once("secureConnect", () => {
          isSecure = true;
        });
        return tls;
      },
    });

    const settle = () => {
      timer?.[Symbol.dispose]();
      signal.removeEventListener("abort", aborted);
      socket.removeAllListeners();
    };
    const fail = (reason: unknown) => {
      settle();
      // Ending an attempt makes it fail once more; nobody is interested.
      socket.on("error", () => undefined);
      socket.terminate();
      tls?.destroy();
      tunnel?.destroy();
      reject(reason);
    };
    const aborted = () => fail(signal.reason);
    const within = (ms: number) => {
      timer?.[Symbol.dispose]();
      timer = clock.after(ms, () => {
        fail(errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason: `no answer within ${ms} ms` }));
      });
    };
    within(tunnel === undefined ? reachWithinMs : handshakeWithinMs);

    signal.addEventListener("abort", aborted, { once: true });
    socket.on("error", (error) => fail(connectTrouble(error, attempt())));
    socket.on("unexpected-response", (_, { statusCode = 0, statusMessage = "" }) => {
      if (statusCode === 401) return fail(notAccepted(attempt()));
      const reason = `HTTP status ${statusCode} ${statusMessage.slice(0, 80)}`.trim();
      fail(errors.create("SKERRY_TRANSPORT_REFUSED", { address, reason }));
    });
    socket.on("open", () => {
      const identity = tls && peerIdentity(tls)?.identity;
      if (identity === undefined) {
        fail(errors.create("SKERRY_TRANSPORT_UNTRUSTED", { address, reason: "its certificate has no common name" }));
        return;
      }
      settle();
      resolve(opened(socket, identity));
    });
  });
}
