/**
 * Does the same thing many times, side by side, in rounds of 1, 2, 4 …, and begins no round after one with a failure: what can never
 * succeed is not tried a thousand times. Rejects with the first failure, after its round.
 */
export async function slowStart(times: number, action: () => Promise<void>): Promise<void> {
  let left = times;
  for (let round = 1; left > 0; round *= 2) {
    const size = Math.min(round, left);
    const results = await Promise.allSettled(Array.from({ length: size }, action));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    left -= size;
  }
}
