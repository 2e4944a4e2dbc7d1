import { responseBodyOf, type ResponseBody } from '../access/responses/response-body.js';
import type { WixIdentityType } from '../core/identities/wix-identity.js';
import {
  WixApiKeyRefusedError,
  WixCredentialsExpiredError,
  WixCredentialsMalformedError,
  WixCredentialsMissingError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
  WixIdentityNotAllowedError,
  WixInstanceUnknownError,
  WixPlanRequiredError,
  WixScopeMissingError,
  WixUnavailableError,
  type WixAuthError,
} from '../core/wix-auth.errors.js';
import { identityTypes } from '../access/policy/access-policy.js';
import type { WixRoute } from '../manifest/wix-route.js';

/** The body of every refusal that a route can answer with, one for each code. */
export const refusalsOf = (route: WixRoute): readonly ResponseBody[] =>
  (route.verifiesCredentials ? errorsOf(route) : []).map(responseBodyOf);

const errorsOf = (route: WixRoute): readonly WixAuthError[] => [
  ...(route.access === 'guarded'
    ? [new WixCredentialsMissingError('Send a Wix access token in the Authorization header.')]
    : []),
  new WixCredentialsMalformedError('What was sent is neither a Wix access token nor a signed instance.'),
  new WixCredentialsExpiredError('The access token has expired.'),
  new WixCredentialsRejectedError('Wix does not accept the access token.'),
  new WixCredentialsWrongAppError('The access token was issued for another app.'),
  new WixApiKeyRefusedError('API keys are not for third-party apps.'),
  ...notAllowed(route),
  ...scopeMissing(route),
  ...planMissing(route),
  new WixUnavailableError('Wix cannot be asked right now.', { requestId: '1700000000.12345678901234567890' }),
];

function notAllowed({ access, callers }: WixRoute): readonly WixAuthError[] {
  const refused = identityTypes.find((type) => !callers.includes(type));
  if (access !== 'guarded' || refused === undefined) return [];
  return [
    new WixIdentityNotAllowedError(
      `The caller is ${articleFor(refused)} ${refused}, and this route takes ${callers.join(', ')}.`,
      refused,
      callers,
    ),
  ];
}

const articleFor = (type: WixIdentityType): string => (type === 'app' ? 'an' : 'a');

// Ids and addresses in their real form, of nothing that exists.
const NO_ID = '00000000-0000-4000-8000-000000000000';
const UPGRADE_URL = `https://www.wix.com/apps/upgrade/${NO_ID}?appInstanceId=${NO_ID}`;

const planMissing = ({ plans }: WixRoute): readonly WixAuthError[] =>
  plans.length === 0
    ? []
    : [
        new WixPlanRequiredError(
          `The site needs one of these plans of the app: ${plans.join(', ')}.`,
          plans,
          UPGRADE_URL,
        ),
      ];

function scopeMissing({ scopes, anyScopes, authority }: WixRoute): readonly WixAuthError[] {
  const requiredScopes = [...new Set([...scopes, ...anyScopes.flat()])];
  const missingScopes = scopes.length > 0 ? scopes.slice(0, 1) : (anyScopes[0] ?? []);
  if (requiredScopes.length === 0) return [];
  const holder = authority === 'instance' ? 'app' : 'user';
  const reason =
    holder === 'app' ? 'The site did not grant it to the app.' : 'The caller does not hold it on this site.';
  return [
    new WixScopeMissingError(`Missing ${missingScopes.join(', ')}, lacked by the ${holder}. ${reason}`, {
      requiredScopes,
      missingScopes,
      lackedBy: [holder],
    }),
    new WixInstanceUnknownError('Wix knows no such installation of this app.'),
  ];
}
