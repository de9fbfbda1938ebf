/** An image name, taken apart as `github.com/distribution/reference` does. */
export interface ImageReference {
  /** Host, and port where one is given. */
  readonly registry: string;
  readonly repository: string;
  /** Digest if there is one, else the tag: what the registry is asked for. */
  readonly version: string;
  /** `sha256:…` that the manifest must have. */
  readonly digest?: string;
  /** With registry, repository and version written out: equal texts name the same image. */
  readonly canonical: string;
}

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const registryPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const longestRepository = 255;
const longestName = 1024;

/** The reference, or what is wrong with it. */
export function parseImageReference(text: string): ImageReference | string {
  if (text === "" || text.length > longestName) return `expected 1 to ${longestName} characters, found ${text.length}`;
  const [name = "", digest, ...rest] = text.split("@");
  if (rest.length > 0) return "expected one @ at most";
  if (digest !== undefined && !digestPattern.test(digest)) {
    return `expected a digest of the form sha256:<64 hexadecimal digits>, found "${digest}"`;
  }
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const tag = hasTag ? name.slice(colon + 1) : "latest";
  if (!tagPattern.test(tag)) return `"${tag}" is not a tag`;
  const { registry, repository } = place(hasTag ? name.slice(0, colon) : name);
  if (!registryPattern.test(registry)) return `"${registry}" is not a registry's host`;
  if (!repositoryPattern.test(repository))
    return `"${repository}" is not a repository: lower-case words joined by . _ - /`;
  if (repository.length > longestRepository) return `the repository is longer than ${longestRepository} characters`;
  const version = digest ?? tag;
  const canonical = `${registry}/${repository}${digest === undefined ? ":" : "@"}${version}`;
  return { registry, repository, version, canonical, ...(digest === undefined ? {} : { digest }) };
}

/** A first part is a registry if it looks like a host; without one, names are Docker Hub's. */
function place(path: string): { readonly registry: string; readonly repository: string } {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  if (isHost) return { registry: first, repository: path.slice(slash + 1) };
  return { registry: "docker.io", repository: slash < 0 ? `library/${path}` : path };
}
