import type { AuthEventMap, AuthEventName } from '../core/auth-events.js';

const MINUTE_MS = 60_000;

/** How one kind of event is logged. */
export interface EventLine<Event> {
  readonly level: 'log' | 'warn' | 'error';
  /** What the line says. */
  readonly text: (event: Event) => string;
  /**
   * At most one line in so many milliseconds, which tells how many more there were.
   *
   * @default none: every event is logged
   */
  readonly atMostEveryMs?: number;
  /**
   * What is limited separately.
   *
   * @default all events of this name together
   */
  readonly keyOf?: (event: Event) => string;
}

/** How every event is logged: the one place that words log lines about what happens while the application runs. */
export const eventLines: { readonly [Name in AuthEventName]: EventLine<AuthEventMap[Name]> } = {
  operatorError: {
    level: 'error',
    text: ({ code, message }) => `${code}: ${message}`,
    atMostEveryMs: MINUTE_MS,
    keyOf: ({ code, message }) => `${code}: ${message}`,
  },
  foreignCredential: {
    level: 'warn',
    text: ({ looksSwapped, namedAppId = '' }) =>
      looksSwapped
        ? 'A caller was refused because the credential names an app whose id was configured as appSecret: appId and ' +
          'appSecret look swapped.'
        : `A caller was refused because the credential names another app, ${namedAppId}. If all are, compare appId with ` +
          'the app dashboard (OAuth page). This is said once; further ones are refused without a line.',
  },
};
