import type { Duplex } from "node:stream";
import { Clock, KubeApi, Logger, NodeSessions, NodeStreams, type PodToken, type Timer } from "@skerry/contracts";
import { errorCode, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { jsonLines } from "../shared/json-lines.ts";
import { textAt } from "../shared/member.ts";
import { podResource, serviceAccountResource } from "../shared/pod-resources.ts";
import {
  longestRequest,
  type NumberedAnswer,
  type NumberedRequest,
  readTokenRequest,
  tokenStreamKind,
} from "../shared/token-stream.ts";
import { grantedAccount } from "./token-grant.ts";

/** Before a stream that ended under a session is opened again. */
const reopenMs = 60_000;

/**
 * Answers what connected nodes ask for over a stream of each session, one request of a node at a time. The session says
 * which node it is; what it asks for is judged by that, and by the Pod as the Kubernetes API has it.
 */
export class TokenService implements Startable, Stoppable {
  readonly #streams = new Map<string, Duplex>();
  readonly #timers = new Map<string, Timer>();
  readonly #serving = new Set<Promise<void>>();
  #watch: Disposable | undefined;

  constructor(
    @inject(NodeSessions) private readonly sessions: NodeSessions,
    @inject(NodeStreams) private readonly streams: NodeStreams,
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.#watch = this.sessions.watch(({ session, connected }) => connected && this.#open(session.node));
  }

  async stop(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    const open = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of open) stream.destroy();
    await Promise.all(this.#serving);
  }

  #open(node: string): void {
    this.#timers.get(node)?.[Symbol.dispose]();
    this.#timers.delete(node);
    this.#streams.get(node)?.destroy();
    try {
      const stream = this.streams.open(node, tokenStreamKind, {});
      this.#streams.set(node, stream);
      const serving = this.#serve(node, stream).finally(() => this.#serving.delete(serving));
      this.#serving.add(serving);
    } catch (error) {
      this.#again(node, error);
    }
  }

  async #serve(node: string, stream: Duplex): Promise<void> {
    let failure: unknown;
    // It is told by the loop, if it is still going.
    stream.on("error", () => undefined);
    try {
      for await (const line of jsonLines(stream, longestRequest)) {
        const request = readTokenRequest(line);
        if (request === undefined) throw errors.create("SKERRY_PODS_BAD_LINE", { problem: "it is no request" });
        stream.write(`${JSON.stringify(await this.#answer(node, request))}\n`);
      }
    } catch (error) {
      failure = error;
    }
    stream.destroy();
    if (this.#streams.get(node) === stream) this.#again(node, failure);
  }

  /** A node that cannot be asked for a stream, as one of an earlier version, is asked again now and then. */
  #again(node: string, error: unknown): void {
    this.#streams.delete(node);
    if (!this.sessions.list().some((session) => session.node === node)) return;
    const isHostile = errorCode(error) === "SKERRY_PODS_BAD_LINE";
    this.logger[isHostile ? "warn" : "debug"]("a node has no stream for tokens", { node, error });
    this.#timers.set(
      node,
      this.clock.after(reopenMs, () => this.#open(node)),
    );
  }

  async #answer(node: string, request: NumberedRequest): Promise<NumberedAnswer> {
    const { id } = request;
    try {
      return { id, ...(await this.#token(node, request)) };
    } catch (error) {
      this.logger.warn("a node did not get a token that it asked for", { node, pod: request.pod, error });
      return { id, error: errorMessage(error) };
    }
  }

  async #token(node: string, request: NumberedRequest): Promise<PodToken> {
    const { pod, audience, expirationSeconds } = request;
    const { namespace, name, uid } = pod;
    const account = grantedAccount(node, request, await this.kube.get(podResource, { namespace, name }));
    const at = { namespace, name: account };
    const answer = await this.kube.createSubresource(serviceAccountResource, at, "token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: at,
      spec: {
        ...(audience !== "" && { audiences: [audience] }),
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    });
    const token = textAt(answer.status, "token");
    const expiresAt = Date.parse(textAt(answer.status, "expirationTimestamp") ?? "");
    if (token === undefined || Number.isNaN(expiresAt)) throw new Error("the Kubernetes API answered without a token");
    return { token, lifetimeSeconds: Math.max(0, Math.round((expiresAt - this.clock.now()) / 1000)) };
  }
}
