import type { ImageCredentials } from "@skerry/contracts";
import type { Pod } from "../pod/pod.ts";
import type { PodObjects } from "../pod-objects.ts";

export interface PullSecrets {
  readonly credentials: ImageCredentials | undefined;
  /** Names of secrets that are not there or cannot be read. */
  readonly missing: readonly string[];
}

const dockerHub = "docker.io";
const keys = [".dockerconfigjson", ".dockercfg"] as const;

/** What the Pod's `imagePullSecrets` have for the registry of an image. */
export function pullSecretsFor(image: string, { spec }: Pod, objects: PodObjects): PullSecrets {
  const names = (spec.imagePullSecrets ?? []).map(({ name = "" }) => name).filter((name) => name !== "");
  const found = names.map((name) => ({ name, entries: entriesOf(objects.secret(name)?.texts) }));
  const entries = found.flatMap((secret) => secret.entries ?? []);
  const wanted = placeOf(image);
  const [best] = entries
    .map(([place, login]) => ({ place: normal(place), credentials: credentialsOf(login) }))
    .filter(({ place }) => wanted === place || wanted.startsWith(`${place}/`))
    .sort((left, right) => right.place.length - left.place.length);
  return {
    credentials: best?.credentials,
    missing: found.filter((secret) => secret.entries === undefined).map(({ name }) => name),
  };
}

function entriesOf(
  texts: ReadonlyMap<string, Uint8Array> | undefined,
): readonly (readonly [string, unknown])[] | undefined {
  for (const key of keys) {
    const bytes = texts?.get(key);
    if (bytes === undefined) continue;
    try {
      const config = JSON.parse(Buffer.from(bytes).toString("utf8")) as { readonly auths?: object };
      return Object.entries(key === ".dockercfg" ? config : (config.auths ?? {}));
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function credentialsOf(login: unknown): ImageCredentials | undefined {
  const { username, password, auth } = (login ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof username === "string" && typeof password === "string") return { username, password };
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Registry and repository of an image: `app:1` is `docker.io/library/app`. */
function placeOf(image: string): string {
  const name = image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return hasHost ? name : `${dockerHub}/${rest.length === 0 ? "library/" : ""}${name}`;
}

function normal(place: string): string {
  const bare = place.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "");
  return bare === "index.docker.io" ? dockerHub : bare;
}
