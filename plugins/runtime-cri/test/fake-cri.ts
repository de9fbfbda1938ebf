import { Server, type ServiceError } from "@grpc/grpc-js";
import { codecOf, type Message } from "../src/cri/messages.ts";
import { listening } from "./listening.ts";

type Answer = (request: Message) => Message | Partial<ServiceError> | undefined;

/** A runtime that answers as a test tells it: a message, a failure with a gRPC code, or nothing at all. */
export async function fakeCri(answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = new Server();
  const names = Object.keys(answers);
  for (const service of ["RuntimeService", "ImageService"]) {
    const own = names.filter((name) => /Image/.test(name) === (service === "ImageService"));
    if (own.length === 0) continue;
    const methods = own.map((name) => {
      const [asked, answered] = [codecOf(`${name}Request`), codecOf(`${name}Response`)];
      const method = {
        path: `/runtime.v1.${service}/${name}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: asked.encode,
        requestDeserialize: asked.decode,
        responseSerialize: answered.encode,
        responseDeserialize: answered.decode,
      };
      return [name, method] as const;
    });
    const handlers = own.map((name) => {
      const handle = (
        call: { request: Message },
        done: (error: Partial<ServiceError> | null, value?: Message) => void,
      ) => {
        const answer = answers[name]?.(call.request);
        if (answer === undefined) return;
        if ("code" in answer) done(answer as Partial<ServiceError>);
        else done(null, answer as Message);
      };
      return [name, handle] as const;
    });
    server.addService(Object.fromEntries(methods), Object.fromEntries(handlers) as never);
  }
  return listening(server);
}
