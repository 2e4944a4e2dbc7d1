import type { RequestsView } from '../console-api.js';
import { ApiRefusal, param, type ApiRoute } from '../http/api-route.js';
import type { RequestJournal } from './request-journal.js';

/** The Requests page. */
export const requestRoutes = (journal: RequestJournal): readonly ApiRoute[] => [
  { method: 'GET', path: 'requests', handle: () => requestsView(journal) },
  {
    method: 'GET',
    path: 'requests/:id',
    handle: (call) => {
      const details = journal.details(Number(param(call, 'id')));
      if (!details) throw new ApiRefusal(404, 'This request is no longer remembered.');
      return details;
    },
  },
  { method: 'DELETE', path: 'requests', handle: () => journal.clear() },
];

const requestsView = ({ entries, hints }: RequestJournal): RequestsView => ({
  requests: entries.map(({ view }) => view),
  hints,
});
