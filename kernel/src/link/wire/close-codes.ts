/** Why a session ended, as WebSocket close codes. */
export const closeCodes = {
  goingAway: 1001,
  /** The cloud kernel is too busy for this session now; the reason says when to come again (RFC 6455's registry). */
  tryAgainLater: 1013,
  malformed: 4000,
  version: 4001,
  identity: 4003,
  silent: 4008,
  replaced: 4009,
  internal: 4011,
} as const;
