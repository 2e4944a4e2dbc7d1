import type { JSX } from 'preact';

import type { CallerView, RequestView } from '../../../src/testing/emulator/console/console-api.js';
import { Empty, Status, Table } from './parts.jsx';
import { timeOf } from './words.js';

/** Requests of the app to Wix, oldest first. */
export function RequestTable(props: {
  readonly caption: string;
  readonly requests: readonly RequestView[];
  readonly onOpen?: (id: number) => void;
}): JSX.Element {
  const { caption, requests, onOpen } = props;
  if (requests.length === 0)
    return <Empty>The app has not asked Wix anything yet. Send it a request with a person’s token.</Empty>;
  return (
    <Table caption={caption} head={['Time', 'Request', 'Answer', 'ms', 'As', 'Note', ...(onOpen ? ['Details'] : [])]}>
      {requests.map((request) => (
        <tr key={request.id}>
          <td>{timeOf(request.at)}</td>
          <td>
            <code>
              {request.method} {request.path}
            </code>
          </td>
          <td>
            {request.aborted ? <span class="tag warn">given up by the app</span> : <Status status={request.status} />}
          </td>
          <td class="number">{request.ms === null ? '' : Math.round(request.ms)}</td>
          <td>{callerText(request.as)}</td>
          <td>{noteOf(request)}</td>
          {onOpen !== undefined && (
            <td>
              <button
                type="button"
                class="small"
                aria-label={`Details of request ${String(request.id)}`}
                onClick={() => {
                  onOpen(request.id);
                }}
              >
                Details
              </button>
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

/** Whom a request was made as. */
const callerText = (as: CallerView | null): string => {
  if (as === null) return '–';
  return as.name === null ? as.type : `${as.name} (${as.type})`;
};

function noteOf({ note, repeats, faulty }: RequestView): string {
  const parts = [
    note,
    faulty ? 'fault' : null,
    repeats > 0 ? `the same ${repeats === 1 ? 'once' : `${String(repeats)} times`} before` : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
