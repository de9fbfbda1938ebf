import type { Clock, KeyValueStore, Logger, Random } from "@skerry/contracts";
import { ApiServer } from "../api/api-server.ts";
import { TokenFile } from "../auth/token-file.ts";
import { startControllers } from "../controllers/start-controllers.ts";
import { DefinitionController } from "../custom/definition-controller.ts";
import { definitionKind } from "../custom/definition-kind.ts";
import {
  configMapKind,
  deploymentKind,
  endpointSliceKind,
  eventKind,
  firstNamespaces,
  leaseKind,
  namespaceKind,
  newEventKind,
  nodeKind,
  podKind,
  replicaSetKind,
  runtimeClassKind,
  secretKind,
  serviceAccountKind,
  serviceKind,
} from "../registry/builtin/index.ts";
import { EventExpiry } from "../registry/event-expiry.ts";
import { KindRegistry } from "../registry/kind-registry.ts";
import { ObjectStore } from "../registry/object-store.ts";
import { ObjectWriter } from "../registry/object-writer.ts";
import { namespaceStorage } from "../registry/served-kind.ts";
import { BearerTokens } from "../tokens/bearer-tokens.ts";
import type { SigningKey } from "../tokens/signing-key.ts";
import { TokenIssuer } from "../tokens/token-issuer.ts";
import { TokenVerifier } from "../tokens/token-verifier.ts";
import type { HistoryLimits } from "../watch/watch-history.ts";

export interface ClusterParts {
  readonly storage: KeyValueStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of Skerry. */
  readonly version: string;
  /** `host:port` as clients reach it. */
  readonly address: () => string;
  /** PEM of the authority that signed the certificate of this API. */
  readonly rootCa: string;
  /** Signs the tokens of ServiceAccounts. */
  readonly signingKey: SigningKey;
  /** Tokens that are known beside those. */
  readonly tokenFile?: TokenFile;
  readonly history?: HistoryLimits;
  /** `false` serves the API alone: nothing acts on objects by itself. */
  readonly controllers?: boolean;
}

/** A running Kubernetes API without a listener: what is stored, what is served, and who answers. */
export interface Cluster {
  readonly api: ApiServer;
  readonly store: ObjectStore;
  readonly tokens: BearerTokens;
  /** Finishes the writes under way and refuses later ones. */
  stop(): Promise<void>;
}

/** Loads what is stored, makes the first namespaces, and begins to serve definitions and to expire events. */
export async function startCluster(parts: ClusterParts): Promise<Cluster> {
  const { clock, random, logger, version, address, signingKey, rootCa, tokenFile = TokenFile.empty } = parts;
  const store = await ObjectStore.open(parts.storage, parts.history);
  const kinds = new KindRegistry();
  kinds.register("built-in", [
    namespaceKind,
    nodeKind,
    podKind,
    configMapKind,
    secretKind,
    eventKind,
    newEventKind,
    leaseKind,
    serviceAccountKind,
    serviceKind,
    endpointSliceKind,
    deploymentKind,
    replicaSetKind,
    runtimeClassKind,
    definitionKind,
  ]);
  const writer = new ObjectWriter(store, kinds, clock, random);
  new DefinitionController(store, kinds, logger).start();
  await createFirstNamespaces(store, writer);
  const expiry = new EventExpiry(writer, clock, logger);
  expiry.start();
  const isAlone = parts.controllers === false;
  const controllers = isAlone ? undefined : startControllers({ store, writer, kinds, clock, logger, rootCa });
  const tokens = new BearerTokens(tokenFile, new TokenVerifier(signingKey, store, clock));
  const issuer = new TokenIssuer(signingKey, store, clock, random);
  const served = { store, kinds, writer, clock, random, logger, version, address };
  return {
    api: new ApiServer({ ...served, tokens, issuer, signingKey }),
    store,
    tokens,
    stop: async () => {
      // The store refuses from this moment; a controller in the middle of something goes on after the next start.
      await Promise.all([controllers?.stop(), store.close(), expiry.stop()]);
    },
  };
}

async function createFirstNamespaces(store: ObjectStore, writer: ObjectWriter): Promise<void> {
  const missing = firstNamespaces.filter((name) => store.collection(namespaceStorage).get(`/${name}`) === undefined);
  const options = { dryRun: false, fieldValidation: "Strict", warn: () => {} } as const;
  for (const name of missing) {
    const value = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    await writer.create(namespaceKind, undefined, { value, duplicates: [], source: "body" }, options);
  }
}
