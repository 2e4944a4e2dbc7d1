import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

/** The error of a guard in a module that sees no registration. */
export const missingRegistration = (guard: object): WixMisconfiguredError =>
  new WixMisconfiguredError(
    `${guard.constructor.name} guards a route in a module that sees no registration: import WixAuthModule.forRoot() or ` +
      'forRootAsync() in the root module, or, with isGlobal: false, in the module whose routes it guards.',
  );
