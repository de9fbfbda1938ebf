import { createHash } from "node:crypto";
import { errors } from "../errors.ts";
import { authenticated, type User } from "./user.ts";

/** Bearer tokens by their SHA-256, so that looking one up takes no time that depends on its characters. */
export class TokenFile {
  readonly #users: ReadonlyMap<string, User>;

  private constructor(users: ReadonlyMap<string, User>) {
    this.#users = users;
  }

  static readonly empty = new TokenFile(new Map());

  /** Reads a Kubernetes static token file; a line that is not one is `SKERRY_KUBE_EMBEDDED_TOKENS`. */
  static parse(text: string, file: string): TokenFile {
    const users = new Map<string, User>();
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === "" || line.startsWith("#")) continue;
      const refuse = (problem: string) => errors.create("SKERRY_KUBE_EMBEDDED_TOKENS", { line: i + 1, file, problem });
      const fields = csvFields(line);
      if (fields === undefined) throw refuse("a quotation mark is not closed");
      const [token = "", name = "", uid = "", groups = ""] = fields;
      if (fields.length < 3 || fields.length > 4) throw refuse(`it has ${fields.length} fields, not 3 or 4`);
      if (token === "" || name === "") throw refuse("token and user must not be empty");
      if (users.has(digest(token))) throw refuse("its token appears on an earlier line");
      const names = groups
        .split(",")
        .map((group) => group.trim())
        .filter((group) => group !== "");
      users.set(digest(token), authenticated(name, names, uid === "" ? undefined : uid));
    }
    return new TokenFile(users);
  }

  userOf(token: string): User | undefined {
    return this.#users.get(digest(token));
  }
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}

function csvFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? "";
    if (char === '"') {
      if (quoted && line[i + 1] === '"') field += line[++i];
      else quoted = !quoted;
    } else if (char === "," && !quoted) {
      fields.push(field.trim());
      field = "";
    } else field += char;
  }
  return quoted ? undefined : [...fields, field.trim()];
}
