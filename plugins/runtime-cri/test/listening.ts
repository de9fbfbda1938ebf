import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { onTestFinished } from "vitest";

/** Has a gRPC server listen until the test has finished. Resolves with the path of its socket. */
export async function listening(server: Server): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "skerry-fake-cri-"));
  const socket = join(folder, "cri.sock");
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix://${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  onTestFinished(async () => {
    server.forceShutdown();
    await rm(folder, { recursive: true, force: true });
  });
  return socket;
}
