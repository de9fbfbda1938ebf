import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { authenticated, mastersGroup, type User } from "../src/auth/user.ts";
import { startCluster } from "../src/endpoint/cluster.ts";
import { newSigningKey, signingKeyOf } from "../src/tokens/signing-key.ts";
import type { HistoryLimits } from "../src/watch/watch-history.ts";

export const admin = authenticated("admin", [mastersGroup]);

export interface RequestOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly user?: User;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as they come.
  readonly body: any;
  readonly warnings: readonly string[];
}

export interface TestClusterOptions {
  readonly disk?: MemoryDisk;
  readonly history?: HistoryLimits;
  readonly clock?: FakeClock;
  /** Whether anything acts on objects by itself; the API is alone by default. */
  readonly controllers?: boolean;
  /** Of chance; another one for another life on the same disk, lest it repeats the uids of the last. */
  readonly seed?: number;
}

const signingKey = signingKeyOf(newSigningKey());

/** The whole API over storage in memory and virtual time, driven without HTTP. */
export async function startTestCluster(options: TestClusterOptions = {}) {
  const { disk = new MemoryDisk(), clock = new FakeClock(), history, controllers = false, seed = 1 } = options;
  const logger = new RecordingLogger();
  const cluster = await startCluster({
    storage: await new MemoryStorage(disk).open("kube-embedded"),
    clock,
    random: new SeededRandom(seed),
    logger,
    version: "0.1.0",
    signingKey,
    rootCa: "the authority",
    address: () => "127.0.0.1:6443",
    controllers,
    ...(history === undefined ? {} : { history }),
  });
  const stop = () => cluster.stop();
  onTestFinished(stop);

  const handle = (method: string, url: string, options: RequestOptions, signal: AbortSignal) => {
    const [path = "", query = ""] = url.split("?");
    const { body, type = "application/json", accept, user = admin } = options;
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    return cluster.api.handle({
      method,
      path,
      query: new URLSearchParams(query),
      accept,
      contentType: type,
      body: new TextEncoder().encode(text),
      user,
      signal,
    });
  };

  const request = async (method: string, url: string, options: RequestOptions = {}): Promise<Answered> => {
    const answer = await handle(method, url, options, new AbortController().signal);
    let text = "";
    if (typeof answer.body === "string") text = answer.body;
    else for await (const piece of answer.body) text += piece;
    const isJson = answer.contentType.startsWith("application/json");
    const { status, contentType, warnings = [] } = answer;
    return { status, type: contentType, body: isJson ? JSON.parse(text) : text, warnings };
  };

  /** Follows a watch; `events` grows. */
  const watch = async (url: string, options: RequestOptions = {}) => {
    const controller = new AbortController();
    const answer = await handle("GET", url, options, controller.signal);
    if (answer.status !== 200) throw new Error(`the watch was answered with ${answer.status}: ${answer.body}`);
    // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as they come.
    const events: { type: string; object: any }[] = [];
    let isOver = false;
    const reading = (async () => {
      for await (const piece of answer.body) {
        for (const line of piece.split("\n").filter((it) => it !== "")) events.push(JSON.parse(line));
      }
      isOver = true;
    })();
    const end = async () => {
      controller.abort();
      await reading;
    };
    onTestFinished(end);
    return { events, end, isOver: () => isOver, status: answer.status };
  };

  return { request, watch, stop, clock, disk, logger, store: cluster.store, tokens: cluster.tokens };
}

export type TestCluster = Awaited<ReturnType<typeof startTestCluster>>;

export const configMap = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

export const configMaps = "/api/v1/namespaces/default/configmaps";
export const widgets = "/apis/example.com/v1/namespaces/default/widgets";

/** A definition with a status, columns, defaults and strict types. */
export const widgetDefinition = (changes: object = {}) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", shortNames: ["wd"], categories: ["all"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
        selectableFields: [{ jsonPath: ".spec.color" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            description: "A thing of a size.",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, description: "How big it is." },
                  color: { type: "string", default: "red" },
                  tags: { type: "array", items: { type: "string" } },
                },
              },
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
          },
        },
      },
    ],
    ...changes,
  },
});

export const widget = (name: string, spec: object = { size: 1 }, metadata: object = {}) => ({
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name, ...metadata },
  spec,
});

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export async function withWidgets(options: TestClusterOptions = {}): Promise<TestCluster> {
  const cluster = await startTestCluster(options);
  const { status } = await cluster.request("POST", definitions, { body: widgetDefinition() });
  if (status !== 201) throw new Error(`the definition was answered with ${status}`);
  return cluster;
}
