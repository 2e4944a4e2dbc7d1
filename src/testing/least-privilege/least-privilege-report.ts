import { AssertionError } from 'node:assert';

import type { CalledEndpoint } from './called-endpoints.js';
import type { LeastPrivilegeFinding } from './findings.js';
import { reportText } from './report-text.js';
import type { RouteUse } from './route-uses.js';

/** What the routes of an application called at Wix, compared with what they declare. */
export class LeastPrivilegeReport {
  /** Every route, those that were not called too. */
  readonly routes: readonly RouteUse[];
  /** What was called while no request was answered and no event handled. */
  readonly elsewhere: readonly CalledEndpoint[];

  /** @internal */
  constructor(routes: readonly RouteUse[], elsewhere: readonly CalledEndpoint[]) {
    this.routes = routes;
    this.elsewhere = elsewhere;
  }

  /** What is declared and was not needed, and what was needed and is not declared: of all routes. */
  get findings(): readonly LeastPrivilegeFinding[] {
    return this.routes.flatMap(({ findings }) => findings);
  }

  /**
   * Fails when there is a finding, with a line for each, but for those that `except` says are meant.
   *
   * @throws `AssertionError` that names the routes.
   */
  assert({ except = () => false }: { readonly except?: (finding: LeastPrivilegeFinding) => boolean } = {}): void {
    const messages = this.findings.filter((finding) => !except(finding)).map(({ message }) => message);
    if (messages.length === 0) return;
    throw new AssertionError({
      message: `Routes declare other scopes than they need:\n${messages.map((message) => `- ${message}`).join('\n')}`,
      actual: messages,
      expected: [],
    });
  }

  /** The report as text: to be read, or committed and compared. */
  toString(): string {
    return reportText(this);
  }

  /** The report as plain data, for `JSON.stringify()`. */
  toJSON(): Pick<LeastPrivilegeReport, 'routes' | 'elsewhere'> {
    return { routes: this.routes, elsewhere: this.elsewhere };
  }
}
