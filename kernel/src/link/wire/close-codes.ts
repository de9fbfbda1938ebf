/** Why a session ended, as WebSocket close codes. */
export const closeCodes = {
  goingAway: 1001,
  malformed: 4000,
  version: 4001,
  identity: 4003,
  silent: 4008,
  replaced: 4009,
  internal: 4011,
} as const;
