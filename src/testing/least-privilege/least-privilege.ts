import type { INestApplication } from '@nestjs/common';

import { wixRoutes } from '../../index.js';
import type { WixEmulator } from '../emulator/wix-emulator.js';
import { CallRecorder } from './recording/call-recorder.js';
import { LeastPrivilegeReport } from './least-privilege-report.js';
import { routeUsesOf } from './route-uses.js';

/** Records which endpoints of Wix each route calls, until it is stopped. */
export interface LeastPrivilege {
  /**
   * Compares what was called so far with what the routes declare.
   *
   * @param app - the application that was called. Requests to other servers of this process that have routes of the same
   *   addresses count as well.
   * @throws `WixMisconfiguredError` when declarations contradict each other.
   */
  report(app: Pick<INestApplication, 'get'>): Promise<LeastPrivilegeReport>;
  /** Stops recording; what was recorded stays. */
  stop(): void;
  /** Does what {@link stop} does, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Records, while tests call an application in this process, which endpoints of the emulated Wix each of its routes
 * calls and as whom, and compares that with the scopes that the routes declare: what is called and not declared, and
 * what is declared and never needed.
 *
 * It observes requests over HTTP/1 by Node's diagnostics channels, whatever library sends them, and decisions, events
 * and calls by those of this module. What this module requests from Wix for itself, such as tokens and roles, is left
 * out. Calls that no request and no event caused, such as those of a timer or of a WebSocket message, belong to no
 * route: they are in `elsewhere`.
 *
 * What is known about the permissions that Wix's methods need comes from Wix's packages, and is not complete.
 *
 * @example
 * const privilege = leastPrivilege(wix);
 * // … the tests that call `app` …
 * const report = await privilege.report(app);
 * report.assert();
 * privilege.stop();
 */
export function leastPrivilege(wix: WixEmulator): LeastPrivilege {
  const recorder = new CallRecorder(wix);
  const stop = (): void => recorder.stop();
  return {
    async report(app) {
      const { routes, elsewhere } = await routeUsesOf(wixRoutes(app), recorder, (scopes) => wix.contentsOf(scopes));
      return new LeastPrivilegeReport(routes, elsewhere);
    },
    stop,
    [Symbol.dispose]: stop,
  };
}
