import type { CriClient } from "./cri-client.ts";

interface Source {
  /** `/service/method` */
  readonly path: string;
  readonly request: Buffer;
}

/** Of a `SubscribeRequest`: field 1, a filter. Only ends are of interest; all else this node does itself. */
const filter = Buffer.from('namespace==k8s.io,topic=="/tasks/exit"');

/** CRI's own stream, which not all runtimes have; then containerd's, on the same socket. */
const sources: readonly Source[] = [
  { path: "/runtime.v1.RuntimeService/GetContainerEvents", request: Buffer.alloc(0) },
  {
    path: "/containerd.services.events.v1.Events/Subscribe",
    request: Buffer.concat([Buffer.from([0x0a, filter.length]), filter]),
  },
];

/** Rings when the runtime says that something happened to a container. What, its listener finds by looking. */
export class EventStream implements Disposable {
  readonly #client: CriClient;
  readonly #rang: () => void;
  #source = 0;
  #stream: Disposable | undefined;

  constructor(client: CriClient, rang: () => void) {
    this.#client = client;
    this.#rang = rang;
  }

  /** Listens, unless it does, or the runtime has no such stream. Asked for again, it begins again after a break. */
  listen(): void {
    const source = sources[this.#source];
    if (this.#stream !== undefined || source === undefined) return;
    this.#stream = this.#client.listen(source.path, source.request, this.#rang, (isUnknown) => {
      this.#stream = undefined;
      if (!isUnknown) return;
      this.#source += 1;
      this.listen();
    });
  }

  [Symbol.dispose](): void {
    this.#stream?.[Symbol.dispose]();
  }
}
