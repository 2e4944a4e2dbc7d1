import { jsonAnswer, Refused, validationError, wixError } from '../wire/answer.js';
import { fieldsOf, isObject } from '../wire/request-body.js';
import type { EmulatedContact } from '../world/site-contents.js';
import type { Need } from '../world/scope-table.js';
import { authorize } from './authorization.js';
import type { Call, Endpoint } from './endpoint.js';
import { found, offsetQuery, sentQuery } from './entity-query.js';

const VIEW: Need = { scope: 'SCOPE.DC-CONTACTS.READ-CONTACTS', permissionId: 'CONTACTS.VIEW' };
const MODIFY: Need = { scope: 'SCOPE.DC-CONTACTS.MANAGE-CONTACTS', permissionId: 'CONTACTS.MODIFY' };

/** The contacts of a site. */
export const contactEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/contacts/v4/contacts/query', handle: queryContacts },
  { method: 'GET', path: '/contacts/v4/contacts/:id', handle: getContact },
  { method: 'POST', path: '/contacts/v4/contacts', handle: createContact },
  { method: 'PATCH', path: '/contacts/v4/contacts/:id', handle: updateContact },
  { method: 'DELETE', path: '/contacts/v4/contacts/:id', handle: deleteContact },
];

function queryContacts(call: Call) {
  const { contacts } = authorize(call, VIEW).install.site;
  const query = offsetQuery(sentQuery(call.request));
  const { page, total } = found(contacts, query);
  const pagingMetadata = { count: page.length, offset: query.offset, total, tooManyToCount: false };
  return jsonAnswer(200, { contacts: page, pagingMetadata });
}

function getContact(call: Call) {
  return jsonAnswer(200, { contact: contactIn(authorize(call, VIEW).install.site.contacts, call) });
}

function createContact(call: Call) {
  const { site } = authorize(call, MODIFY).install;
  const now = timeOf(call);
  const dates = { createdDate: now, updatedDate: now };
  return jsonAnswer(200, { contact: site.addContact({ info: sentInfo(call), revision: 0, ...dates }) });
}

function updateContact(call: Call) {
  const { site } = authorize(call, MODIFY).install;
  const former = contactIn(site.contacts, call);
  if (fieldsOf(call.request.body)['revision'] !== former.revision) {
    throw new Refused(wixError(409, 'INVALID_REVISION', 'Entity has already changed since the requested revision'));
  }
  const info = { ...former.info, ...sentInfo(call) };
  const revision = former.revision + 1;
  return jsonAnswer(200, { contact: site.addContact({ ...former, info, revision, updatedDate: timeOf(call) }) });
}

function deleteContact(call: Call) {
  const { site } = authorize(call, MODIFY).install;
  site.removeContact(contactIn(site.contacts, call).id);
  return jsonAnswer(200, {});
}

function contactIn(contacts: readonly EmulatedContact[], { params }: Call): EmulatedContact {
  const contact = contacts.find(({ id }) => id === params['id']);
  if (!contact) throw new Refused(wixError(404, 'CONTACT_NOT_FOUND', `Contact ${params['id'] ?? ''} not found`));
  return contact;
}

function sentInfo({ request }: Call): Readonly<Record<string, unknown>> {
  const { info } = fieldsOf(request.body);
  if (!isObject(info) || Object.keys(info).length === 0) {
    throw new Refused(validationError('info', 'must not be empty'));
  }
  return info;
}

const timeOf = ({ platform }: Call): string => new Date(platform.now()).toISOString();
