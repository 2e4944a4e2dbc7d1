import { SIGNED_INSTANCE_LIFETIME_MS } from '../../tokens/signed-instance-fields.js';
import type { ScenarioPerson } from '../../scenario/scenario-people.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal } from '../http/api-route.js';
import { personOn } from './lookups.js';

/** A credential and when it expires, in milliseconds since the epoch. */
export interface Credential {
  readonly text: string;
  readonly expiresAt: number;
}

const EXPIRED_FOR_SECONDS = 60;

/** The token that Wix's front end would send for a person; for `app` the app's own. */
export function tokenAs(context: ConsoleContext, install: EmulatedInstall, as: string, isExpired = false): Credential {
  const { now, variants } = context.parts.platform;
  const lifetimeSeconds = isExpired ? -EXPIRED_FOR_SECONDS : variants.accessTokenLifetimeSeconds;
  const options = { expiresInSeconds: lifetimeSeconds };
  const text =
    as === 'app'
      ? context.mint.appToken(install, options)
      : personToken(context, install, personOn(context, install, as), options);
  return { text, expiresAt: now() + lifetimeSeconds * 1_000 };
}

function personToken(
  { mint }: ConsoleContext,
  install: EmulatedInstall,
  person: ScenarioPerson,
  options: { readonly expiresInSeconds: number },
): string {
  switch (person.kind) {
    case 'user':
      return mint.userToken(install, person.user, options);
    case 'member':
      return mint.memberToken(install, person.member, options);
    case 'visitor':
      return mint.visitorToken(install, person.visitor, options);
  }
}

/** The signed `instance` that Wix would open a page with for a person. */
export function signedInstanceAs(context: ConsoleContext, install: EmulatedInstall, as: string): Credential {
  if (as === 'app') throw new ApiRefusal(400, 'A signed instance is made for a person, never for the app.');
  const person = personOn(context, install, as);
  const text = context.mint.signedInstance(install, subjectOf(person));
  return { text, expiresAt: context.parts.platform.now() + SIGNED_INSTANCE_LIFETIME_MS };
}

const subjectOf = (person: ScenarioPerson) => {
  switch (person.kind) {
    case 'user':
      return { user: person.user };
    case 'member':
      return { member: person.member };
    case 'visitor':
      return { visitor: person.visitor };
  }
};
