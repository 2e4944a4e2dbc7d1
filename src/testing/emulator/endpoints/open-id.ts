import { jsonAnswer, Refused, wixError } from '../wire/answer.js';
import type { EmulatedUser } from '../world/emulated-site.js';
import { identify } from './authorization.js';
import type { Endpoint } from './endpoint.js';

/** OpenID Connect, a preview at Wix. Access tokens are not signed with this key: only token-info verifies them. */
export const openIdEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/oauth2/jwks',
    handle: ({ platform }) => jsonAnswer(200, { keys: [platform.openIdKeys.publicKey] }),
  },
  {
    method: 'GET',
    path: '/oauth2/user-info',
    handle: (call) => {
      const { subject } = identify(call).token;
      if (subject.type === 'USER') return jsonAnswer(200, userInfo(subject.user));
      throw new Refused(wixError(403, 'PERMISSION_DENIED', 'Not a user', 'Only tokens of Wix users are taken here.'));
    },
  },
];

const userInfo = ({ userId, name, email }: EmulatedUser): object => {
  const [givenName = name, ...others] = name.split(' ');
  return { sub: userId, name, givenName, familyName: others.join(' '), email, emailVerified: true, language: 'en' };
};
