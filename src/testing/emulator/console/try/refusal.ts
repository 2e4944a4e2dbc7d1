import { fieldsOf, readBody } from '../../wire/request-body.js';
import type { RefusalView, RequestView } from '../console-api.js';
import type { AppAnswer } from './app-request.js';

/** What is known about a refused request. */
export interface RefusedRequest {
  readonly answer: AppAnswer;
  /** What the person is called; `null` for a request without a credential. */
  readonly who: string | null;
  /** The requests that the app sent to Wix in the meantime. */
  readonly wixRequests: readonly RequestView[];
}

/** Why a request was refused, or `null` when it was not. */
export function refusalOf({ answer, who, wixRequests }: RefusedRequest): RefusalView | null {
  if (answer.status < 400) return null;
  const body = fieldsOf(readBody(answer.body, undefined));
  const code = textOf(body['code']);
  const facts = {
    requiredScopes: textsOf(body['requiredScopes']),
    missingScopes: textsOf(body['missingScopes']),
    lackedBy: textsOf(body['lackedBy']).filter((one) => one === 'app' || one === 'user'),
    allowedIdentities: textsOf(body['allowedIdentities']),
  };
  const refusedByWix = wixRequests.findLast(({ status, note }) => status !== null && status >= 400 && note !== null);
  if (refusedByWix && (code === null || code === 'WIX_API_ERROR')) {
    const text = `Wix refused ${refusedByWix.method} ${refusedByWix.path}: ${refusedByWix.note ?? ''}`;
    return { by: 'wix', code, text, advice: WIX_ADVICE, ...facts };
  }
  const { text, advice } = explanation(code, facts, who, answer, textOf(body['message']));
  return { by: 'app', code, text, advice, ...facts };
}

const WIX_ADVICE = 'Check the scopes of the app and the permissions of the person on the Grants page.';

type Facts = Pick<RefusalView, 'missingScopes' | 'lackedBy' | 'allowedIdentities'>;

interface Explanation {
  readonly text: string;
  readonly advice: string | null;
}

function explanation(
  code: string | null,
  facts: Facts,
  who: string | null,
  { status, statusText }: AppAnswer,
  message: string | null,
): Explanation {
  const caller = who ?? 'The caller';
  switch (code) {
    case 'WIX_SCOPE_MISSING':
      return missingScope(facts, caller);
    case 'WIX_IDENTITY_NOT_ALLOWED':
      return {
        text: `The route takes ${facts.allowedIdentities.join(', ')} only; ${caller} is none of them.`,
        advice: 'Choose another person, or allow this kind on the route.',
      };
    case 'WIX_CREDENTIALS_MISSING':
      return { text: 'The route needs a credential, and none was sent.', advice: 'Choose a person.' };
    case 'WIX_CREDENTIALS_EXPIRED':
    case 'WIX_IDENTITY_EXPIRED':
      return { text: 'The credential has expired.', advice: 'Send the request again: it gets a new one.' };
    case 'WIX_CREDENTIALS_WRONG_APP':
      return {
        text: 'The credential belongs to another app.',
        advice: 'Compare WIX_APP_ID of your app with the one on the Overview page.',
      };
    case 'WIX_UNAVAILABLE':
      return {
        text: 'The app could not ask Wix.',
        advice: 'Compare WIX_API_URL of your app with the one on the Overview page, and look at the Faults page.',
      };
    case 'WIX_APP_REFUSED':
      return { text: 'Wix refuses the app id or the secret.', advice: 'Copy the lines for .env again.' };
    case 'WIX_INSTANCE_UNKNOWN':
      return { text: 'The app is not on this site.', advice: 'Install it on the Install or the Grants page.' };
    default:
      return { text: message ?? `The app answered ${status.toString()} ${statusText}.`, advice: null };
  }
}

function missingScope({ missingScopes, lackedBy }: Facts, caller: string): Explanation {
  const scopes = missingScopes.join(', ');
  if (lackedBy.includes('app') && lackedBy.includes('user')) {
    return { text: `Both the app and ${caller} lack ${scopes}.`, advice: 'Grant it to both on the Grants page.' };
  }
  if (lackedBy.includes('app')) {
    return { text: `The app lacks ${scopes}.`, advice: 'Grant it to the installation on the Grants page.' };
  }
  return {
    text: `${caller} lacks ${scopes}; the app holds it.`,
    advice: 'Map a role of this person to it (grants.userRoles), or give the person a role that is mapped.',
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
