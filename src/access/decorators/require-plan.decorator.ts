import { declare } from '../policy/access-declaration.js';

/**
 * Requires that the caller's site has one of these paid plans of the app, by the product ids from the app dashboard. Class
 * and method each name a group, and the site's plan must be in both. Checked after the scopes; a site without any of them
 * is answered 403 (`WIX_PLAN_REQUIRED`) with the address of Wix's upgrade page.
 *
 * What the credential tells suffices when it was issued since the plan changed last; otherwise Wix is asked (Get App
 * Instance), and once more before a refusal, at most every 30 seconds per installation.
 */
export const RequirePlan = (...ids: readonly string[]): ClassDecorator & MethodDecorator => declare({ plans: [ids] });
