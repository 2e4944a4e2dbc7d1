import type { PeopledSite } from '../../scenario/emulated-scenario.js';
import type { RecordedRequest } from '../../request-log.js';
import type { TokenSubject } from '../../tokens/token-ledger.js';
import { fieldsOf } from '../../wire/request-body.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { CallerView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { personView } from '../people/views.js';

/** Whom a request was made as: by its token, or by the token it asks about. Never the token itself. */
export function callerOf(context: ConsoleContext, request: RecordedRequest): CallerView | null {
  const token = tokenIn(request);
  if (token !== undefined) return ownerOf(context, token);
  return request.grantType === 'client_credentials' ? appCaller(request) : null;
}

/** The token a request is about. */
export function tokenIn({ headers, body, path }: RecordedRequest): string | undefined {
  const header = headers['authorization'];
  if (typeof header === 'string') return header.replace(/^Bearer\s+/i, '').trim();
  const { token, access_token: accessToken } = fieldsOf(body);
  const named = path === '/oauth2/token-info' ? token : accessToken;
  return typeof named === 'string' ? named : undefined;
}

function ownerOf({ parts, scenario }: ConsoleContext, token: string): CallerView {
  const issued = parts.platform.tokens.find(token);
  if (!issued) return { type: 'unknown', key: null, name: null, instanceId: null };
  return subjectView(issued.subject, issued.install, scenario.sites);
}

function subjectView(
  subject: TokenSubject,
  install: EmulatedInstall | undefined,
  sites: readonly PeopledSite[],
): CallerView {
  const instanceId = install?.instanceId ?? null;
  if (subject.type === 'APP') return { type: 'app', key: 'app', name: install?.app.name ?? null, instanceId };
  const people = sites.find(({ site }) => site === install?.site)?.people ?? [];
  const person = people.map(personView).find(({ id }) => id === idOf(subject));
  const type = ({ USER: 'user', MEMBER: 'member', VISITOR: 'visitor' } as const)[subject.type];
  return { type, key: person?.key ?? null, name: person?.name ?? null, instanceId };
}

function idOf(subject: Exclude<TokenSubject, { readonly type: 'APP' }>): string {
  switch (subject.type) {
    case 'USER':
      return subject.user.userId;
    case 'MEMBER':
      return subject.member.memberId;
    case 'VISITOR':
      return subject.visitor.visitorId;
  }
}

function appCaller({ body }: RecordedRequest): CallerView {
  const { instance_id: snake, instanceId: camel } = fieldsOf(body);
  const instanceId = typeof snake === 'string' ? snake : camel;
  return { type: 'app', key: 'app', name: null, instanceId: typeof instanceId === 'string' ? instanceId : null };
}
