/**
 * A regular expression in Go's syntax, as schemas have them, for JavaScript's engine: leading flags such as `(?i)`,
 * `\A` and `\z`, and named groups are translated. Throws SyntaxError for what has no counterpart.
 *
 * JavaScript backtracks where Go does not: whoever may write a CustomResourceDefinition can slow the server down.
 */
export function goPattern(source: string): RegExp {
  const [, letters = "", rest = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? [];
  const translated = rest.replace(/\\[\s\S]|\(\?P</g, (part) => {
    if (part === "\\A") return "^";
    if (part === "\\z") return "$";
    return part === "(?P<" ? "(?<" : part;
  });
  try {
    return new RegExp(translated, `u${letters}`);
  } catch {
    // Go accepts needless escapes, for instance `\_`, which the strict mode of JavaScript refuses.
    return new RegExp(translated, letters);
  }
}
