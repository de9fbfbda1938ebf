import type { JsonObject, Logger, StreamHandler } from "@skerry/contracts";
import { errors } from "../errors.ts";
import type { LinkStream } from "../streams/link-stream.ts";

/** Who answers the streams that the cloud opens. */
export class StreamHandlers {
  readonly #log: Logger;
  #handlers: ReadonlyMap<string, StreamHandler> = new Map();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param handlers by kind */
  serve(handlers: ReadonlyMap<string, StreamHandler>): void {
    this.#handlers = handlers;
  }

  handle(kind: string, parameters: JsonObject, stream: LinkStream): void {
    const handler = this.#handlers.get(kind);
    if (!handler) {
      stream.destroy(errors.create("SKERRY_LINK_NO_STREAM_HANDLER", { kind }));
      return;
    }
    try {
      handler.handle(stream, parameters);
    } catch (error) {
      this.#log.error("a stream could not be begun", { kind, error });
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
