import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import type { Clock } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { type Codec, codecOf, type Message } from "./messages.ts";

/** An answer larger than this is none of a runtime. */
const maximumBytes = 16 * 1024 * 1024;

const services = {
  Version: "RuntimeService",
  RunPodSandbox: "RuntimeService",
  StopPodSandbox: "RuntimeService",
  RemovePodSandbox: "RuntimeService",
  PodSandboxStatus: "RuntimeService",
  ListPodSandbox: "RuntimeService",
  CreateContainer: "RuntimeService",
  StartContainer: "RuntimeService",
  StopContainer: "RuntimeService",
  RemoveContainer: "RuntimeService",
  ListContainers: "RuntimeService",
  ContainerStatus: "RuntimeService",
  ExecSync: "RuntimeService",
  ListImages: "ImageService",
  ImageStatus: "ImageService",
  PullImage: "ImageService",
  RemoveImage: "ImageService",
} as const;

export type Verb = keyof typeof services;

/** What the runtime answered in place of a result. */
export class CriFailure extends Error {
  /** `timedOut`: what was to be run in a container did not end in time. */
  readonly kind: "notFound" | "unauthenticated" | "timedOut" | "other";

  constructor(kind: CriFailure["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** One container runtime over its socket. It connects by itself, and again when the runtime comes back. */
export class CriClient {
  readonly #socket: string;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #codecs = new Map<string, Codec>();

  constructor(socket: string, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#client = new Client(`unix://${socket}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": maximumBytes,
      // Whoever waits for a runtime that restarts is to see it within a second.
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 1_000,
    });
  }

  /**
   * Rejects with a `CriFailure` when the runtime refuses, and with `SKERRY_CRI_UNREACHABLE` when it does not answer within
   * the deadline.
   */
  call(verb: Verb, request: Message, withinMs: number): Promise<Message> {
    const [asked, answered] = [this.#codec(`${verb}Request`), this.#codec(`${verb}Response`)];
    return new Promise((resolve, reject) => {
      // Not gRPC's own deadline, which is a time of day: clocks of edge nodes jump.
      const deadline = this.#clock.after(withinMs, () => call.cancel());
      const call = this.#client.makeUnaryRequest(
        `/runtime.v1.${services[verb]}/${verb}`,
        asked.encode,
        answered.decode,
        request,
        (error, response) => {
          deadline[Symbol.dispose]();
          if (error) reject(this.#failure(error, verb));
          else resolve(response ?? {});
        },
      );
    });
  }

  /**
   * Listens to a stream of the runtime, whose messages are not looked into: that one came is what matters.
   *
   * @param path of the method, `/service/method`
   * @param ended called once when the stream is over: whether the runtime has no such method
   */
  listen(path: string, request: Buffer, came: () => void, ended: (isUnknown: boolean) => void): Disposable {
    const call = this.#client.makeServerStreamRequest(
      path,
      (bytes: Buffer) => bytes,
      () => ({}),
      request,
    );
    let isOver = false;
    const end = (isUnknown: boolean) => {
      if (!isOver) ended(isUnknown);
      isOver = true;
    };
    call.on("data", came);
    call.on("error", (error: Partial<ServiceError>) => end(error.code === status.UNIMPLEMENTED));
    call.on("end", () => end(false));
    return {
      [Symbol.dispose]: () => {
        isOver = true;
        call.cancel();
      },
    };
  }

  close(): void {
    this.#client.close();
  }

  #codec(name: string): Codec {
    const codec = this.#codecs.get(name) ?? codecOf(name);
    this.#codecs.set(name, codec);
    return codec;
  }

  #failure(error: ServiceError, verb: Verb): Error {
    // The runtime ended it in time, or waits for what it left behind and is not waited for.
    const isLate = error.code === status.DEADLINE_EXCEEDED || error.code === status.CANCELLED;
    if (isLate && verb === "ExecSync") return new CriFailure("timedOut", error.details);
    switch (error.code) {
      case status.NOT_FOUND:
        return new CriFailure("notFound", error.details);
      case status.UNAUTHENTICATED:
      case status.PERMISSION_DENIED:
        return new CriFailure("unauthenticated", error.details);
      case status.UNAVAILABLE:
      case status.DEADLINE_EXCEEDED:
        return errors.create("SKERRY_CRI_UNREACHABLE", { socket: this.#socket, reason: error.details }, error);
      case status.CANCELLED: {
        const reason = "no answer in time";
        return errors.create("SKERRY_CRI_UNREACHABLE", { socket: this.#socket, reason }, error);
      }
      case status.UNIMPLEMENTED:
        return errors.create("SKERRY_CRI_VERSION", { socket: this.#socket, reason: error.details }, error);
      default:
        return new CriFailure("other", error.details || errorMessage(error));
    }
  }
}
