/** Why nothing was made. Its message says what was expected and what was found; exit code 2. */
export class Refusal extends Error {
  name = "Refusal";
}
