import type { AuthorizationCodes } from './install/authorization-codes.js';
import type { EmulatedInstaller } from './install/emulated-installer.js';
import type { Throttle } from './throttle.js';
import type { OpenIdKeys } from './tokens/open-id-keys.js';
import type { TokenIssuer } from './tokens/token-issuer.js';
import type { TokenLedger } from './tokens/token-ledger.js';
import type { WixEmulatorVariants } from './variants.js';
import type { ScopeTable } from './world/scope-table.js';
import type { World } from './world/world.js';

/** What the endpoints of one emulator share. */
export interface Platform {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly variants: WixEmulatorVariants;
  readonly world: World;
  readonly tokens: TokenLedger;
  readonly issuer: TokenIssuer;
  readonly openIdKeys: OpenIdKeys;
  readonly scopes: ScopeTable;
  readonly throttle: Throttle;
  readonly installer: EmulatedInstaller;
  readonly codes: AuthorizationCodes;
}
