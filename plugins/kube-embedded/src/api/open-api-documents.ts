import type { KindInfo } from "../kinds.ts";
import { openApiV2 } from "../openapi/v2.ts";
import { openApiV3, openApiV3Index } from "../openapi/v3.ts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import { type ApiAnswer, jsonAnswer } from "./api-request.ts";
import { noSuchPath } from "./status-error.ts";

/** `/openapi/…`: written once for each state of the registry, since every `kubectl apply` asks for them. */
export class OpenApiDocuments {
  readonly #kinds: KindRegistry;
  readonly #answers = new Map<string, ApiAnswer>();
  #generation = -1;

  constructor(kinds: KindRegistry) {
    this.#kinds = kinds;
  }

  /** @param segments what follows `/openapi` in the path */
  answer(segments: readonly string[]): ApiAnswer {
    if (this.#generation !== this.#kinds.generation) this.#answers.clear();
    this.#generation = this.#kinds.generation;
    const path = segments.join("/");
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const document = documentAt(segments, this.#kinds.infos());
    if (document === undefined) throw noSuchPath();
    const answer = jsonAnswer(200, document);
    this.#answers.set(path, answer);
    return answer;
  }
}

function documentAt([version, root, ...names]: readonly string[], kinds: readonly KindInfo[]) {
  if (version === "v2" && root === undefined) return openApiV2(kinds);
  if (version !== "v3") return undefined;
  if (root === undefined) return openApiV3Index(kinds);
  const groupVersion = names.join("/");
  const isServed = kinds.some(({ group, version: of }) => {
    return root === (group === "" ? "api" : "apis") && groupVersion === (group === "" ? of : `${group}/${of}`);
  });
  return isServed ? openApiV3(groupVersion, kinds) : undefined;
}
