/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** What more its credential says, as `authentication.kubernetes.io/pod-name`. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const everyoneAuthenticated = "system:authenticated";
/** Members may do everything. */
export const mastersGroup = "system:masters";

export const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** A user that has proven who it is. */
export function authenticated(name: string, groups: readonly string[], uid?: string): User {
  return { name, groups: [...new Set([...groups, everyoneAuthenticated])], ...(uid === undefined ? {} : { uid }) };
}

export function isAuthenticated(user: User): boolean {
  return user.groups.includes(everyoneAuthenticated);
}
