import type { OnApplicationShutdown } from '@nestjs/common';

import type { AuthEventMap, AuthEventName, AuthEvents } from '../core/auth-events.js';
import { eventLines, type EventLine } from './event-lines.js';
import { LineThrottle } from './line-throttle.js';
import type { LogFormat } from './log-format.js';
import { WixLogger } from './wix-logger.js';

/** Writes events to Nest's log, as {@link eventLines} words them. */
export class EventLog implements OnApplicationShutdown {
  readonly #logger: WixLogger;
  readonly #throttle = new LineThrottle();

  /** @param format how lines are written. @default as Nest's own logger writes them */
  constructor(events: AuthEvents, format?: LogFormat) {
    this.#logger = new WixLogger(format);
    for (const name of Object.keys(eventLines) as AuthEventName[]) this.#listen(name, events);
  }

  /** Writes the counts that are still outstanding. */
  onApplicationShutdown(): void {
    this.#throttle.flush();
  }

  #listen(name: AuthEventName, events: AuthEvents): void {
    const line = eventLines[name] as EventLine<AuthEventMap[AuthEventName]> | undefined;
    if (line !== undefined) events.on(name, (event) => this.#write(name, line, event));
  }

  #write<Name extends AuthEventName>(
    name: Name,
    { level, text, below, atMostEveryMs, keyOf }: EventLine<AuthEventMap[Name]>,
    event: AuthEventMap[Name],
  ): void {
    const write = (message: string, count = 0): void => {
      const fields = { ...event, ...(count > 0 && { count }) };
      this.#logger.write({ level, event: name, text: message, below: below?.(event), fields });
    };
    if (atMostEveryMs === undefined) write(text(event));
    else this.#throttle.write(`${name} ${keyOf?.(event) ?? ''}`, text(event), atMostEveryMs, write);
  }
}
