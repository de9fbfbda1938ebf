/**
 * Who has to act, which also decides whether to try again:
 * `misuse` the caller's developer · `manifest` the plugin's packager · `settings` the operator ·
 * `denied` the operator, deliberately · `unavailable` nobody, wait · `cancelled`, `deadline` the caller decides ·
 * `conflict` read again, then retry · `guest` the mapper's author · `corrupt` an operator, now ·
 * `invalid` whoever sent the data · `bug` the makers of Skerry.
 */
export type ErrorFamily =
  | "misuse"
  | "manifest"
  | "settings"
  | "denied"
  | "unavailable"
  | "cancelled"
  | "deadline"
  | "conflict"
  | "guest"
  | "corrupt"
  | "invalid"
  | "bug";

export interface ErrorDefinition {
  readonly family: ErrorFamily;
  /** Names the culprit, what was expected and what was found; `{name}` is filled from the details. */
  readonly message: string;
  /** The next step, one sentence; filled like the message. */
  readonly advice: string;
}

type Placeholders<M extends string> = M extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** What the placeholders of a text need. */
export type ErrorDetails<M extends string> = { readonly [K in Placeholders<M>]: string | number };

/** Every error that leaves a package. Test `code` or `family`; never the text, never `instanceof` across packages. */
export class SkerryError extends Error {
  override readonly name = "SkerryError";
  readonly code: string;
  readonly family: ErrorFamily;
  readonly advice: string;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: string,
    definition: ErrorDefinition,
    details: Readonly<Record<string, string | number>>,
    cause?: unknown,
  ) {
    super(fill(definition.message, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.family = definition.family;
    this.advice = fill(definition.advice, details);
    this.details = details;
  }
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? `{${name}}`));
}

type Table = Readonly<Record<string, ErrorDefinition>>;
type DetailsOf<D> = D extends { readonly message: infer M extends string; readonly advice: infer A extends string }
  ? ErrorDetails<`${M}${A}`>
  : never;

export interface ErrorTable<T extends Table> {
  readonly definitions: T;
  /** Makes the error `code`; the placeholders of its message and advice are required details. */
  create<C extends keyof T & string>(code: C, details: DetailsOf<T[C]>, cause?: unknown): SkerryError;
}

/** Declares the errors of one package, in its `errors.ts`. The error reference is generated from these tables. */
export function defineErrors<const T extends Table>(definitions: T): ErrorTable<T> {
  return Object.freeze({
    definitions,
    create: <C extends keyof T & string>(code: C, details: DetailsOf<T[C]>, cause?: unknown) =>
      new SkerryError(code, definitions[code] as ErrorDefinition, details, cause),
  });
}

/** The code of anything thrown, for a condition's reason or a log line; `undefined` for foreign errors. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The family of anything thrown; foreign errors count as `bug`. */
export function errorFamily(error: unknown): ErrorFamily {
  return error instanceof Error && "family" in error ? (error.family as ErrorFamily) : "bug";
}

/** The message of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The next step that anything thrown names; `undefined` for foreign errors. */
export function errorAdvice(error: unknown): string | undefined {
  return error instanceof Error && "advice" in error && typeof error.advice === "string" ? error.advice : undefined;
}
