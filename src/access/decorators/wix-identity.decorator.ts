import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { noteRead } from '../policy/access-declaration.js';
import { admittedTo, type Admitted } from '../guards/admitted-identity.js';

type KeysOf<Identity> = Identity extends AnyWixIdentity ? keyof Identity : never;

/** The name of a field that some kind of identity has. */
export type WixIdentityField = KeysOf<AnyWixIdentity>;

/** What {@link WixIdentity} is. */
export interface WixIdentityDecorator {
  /** The caller's identity, or one field of it. */
  (field?: WixIdentityField): ParameterDecorator;
  /**
   * The same for public routes: `undefined` without a credential. A credential that is presented must still
   * be good, or the answer is 401.
   */
  optional(field?: WixIdentityField): ParameterDecorator;
}

/**
 * Hands a handler who is calling, or one field of it, as the guard in front of it verified: the very object, so that
 * it can be acted on behalf of. Where no guard of ours verified anyone it throws {@link WixMisconfiguredError}, and
 * never hands out `undefined`.
 */
export const WixIdentity: WixIdentityDecorator = Object.assign((field?: WixIdentityField) => required(field), {
  optional: (field?: WixIdentityField) => optional(field),
});

const required = createParamDecorator(
  (field: WixIdentityField | undefined, context: ExecutionContext): unknown => {
    const identity = decidedFor(context);
    if (identity !== null) return fieldOf(identity, field);
    throw new WixMisconfiguredError(`${nameOf(context)} is public: read @WixIdentity.optional() there.`);
  },
  [noting('required')],
);

const optional = createParamDecorator(
  (field: WixIdentityField | undefined, context: ExecutionContext): unknown => {
    const identity = decidedFor(context);
    return identity === null ? undefined : fieldOf(identity, field);
  },
  [noting('optional')],
);

function decidedFor(context: ExecutionContext): Admitted {
  const identity = admittedTo(context);
  if (identity !== undefined) return identity;
  throw new WixMisconfiguredError(
    `No guard of WixAuthModule stands before ${nameOf(context)}, so the caller was not verified: add one ` +
      '(with @WixPublic() where everyone may call), or set globalGuard.',
  );
}

const nameOf = (context: ExecutionContext): string => `${context.getClass().name}.${context.getHandler().name}`;

const fieldOf = (identity: AnyWixIdentity, field: WixIdentityField | undefined): unknown =>
  field === undefined ? identity : Reflect.get(identity, field);

// The guard has to know before the parameters are read: on a public route it verifies callers only where that is needed.
function noting(reads: 'required' | 'optional'): ParameterDecorator {
  return (target, name) => {
    if (name !== undefined) noteRead(target, name, reads);
  };
}
