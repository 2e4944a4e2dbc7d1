import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { RequestDetails } from '../../../src/testing/emulator/console/console-api.js';
import { Code, Problem, TextField, Toggle } from '../parts/parts.jsx';
import { RequestTable } from '../parts/request-table.jsx';
import { useAction, useAnswer } from '../parts/use-call.js';
import { useConsole } from '../world.js';

/** What the app asked Wix, live. */
export function RequestsPage(): JSX.Element {
  const { api, world } = useConsole();
  const [filter, setFilter] = useState('');
  const [paused, setPaused] = useState<typeof world.requests | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const action = useAction();
  const wanted = filter.toLowerCase();
  const requests = (paused ?? world.requests).filter(({ method, path, status, as }) =>
    `${method} ${path} ${String(status)} ${as?.name ?? ''} ${as?.type ?? ''}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <h1>Requests to Wix</h1>
      {world.hints.length > 0 && (
        <section aria-labelledby="hints">
          <h2 id="hints">What would be cheaper</h2>
          <ul>
            {world.hints.map(({ id, text }) => (
              <li key={id}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <div class="row">
        <TextField
          label="Filter"
          type="search"
          value={filter}
          onInput={setFilter}
          placeholder="token-info, 403, Olivia"
        />
        <Toggle
          label="Pause"
          isOn={paused !== null}
          onChange={(isOn) => {
            setPaused(isOn ? world.requests : null);
          }}
        />
        <button
          type="button"
          onClick={() => {
            action.run(() => api.send('DELETE', 'requests'));
          }}
        >
          Clear
        </button>
        <a
          download="requests.json"
          href={`data:application/json,${encodeURIComponent(JSON.stringify(requests, null, 2))}`}
        >
          Save as JSON
        </a>
      </div>
      <Problem text={action.problem} />
      <RequestTable caption="Requests to Wix" requests={requests} onOpen={setOpen} />
      {open !== null && <Details key={open} id={open} />}
    </>
  );
}

function Details({ id }: { readonly id: number }): JSX.Element {
  const { api } = useConsole();
  const { data, problem } = useAnswer(() => api.get<RequestDetails>(`requests/${String(id)}`), [api, id]);
  return (
    <section aria-labelledby="details" aria-live="polite">
      <h2 id="details">Request {id}</h2>
      <Problem text={problem} />
      {data !== null && (
        <>
          <p>
            Request id of Wix: <code>{data.requestId}</code>
          </p>
          <Code label="Headers and body, without credentials">
            {JSON.stringify({ query: data.query, headers: data.headers, body: data.body }, null, 2)}
          </Code>
        </>
      )}
    </section>
  );
}
