import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type {
  DeliveryView,
  EventForgery,
  EventTemplate,
  EventTypeView,
  SendEvent,
} from '../../../src/testing/emulator/console/console-api.js';
import { Empty, Field, Problem, Select, Status, Table, TextArea, TextField } from '../parts/parts.jsx';
import { useAction, useAnswer } from '../parts/use-call.js';
import { timeOf } from '../parts/words.js';
import { useConsole } from '../world.js';
import { FORGERIES } from './forgeries.js';
import { Plugins } from './plugins.jsx';

/** Events and service plugins, from Wix to the app. */
export function EventsPage(): JSX.Element {
  const [tab, setTab] = useState<'events' | 'plugins'>('events');
  const { install } = useConsole();
  return (
    <>
      <h1>Events and service plugins</h1>
      <p class="actions">
        {(['events', 'plugins'] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={tab === name}
            onClick={() => {
              setTab(name);
            }}
          >
            {name === 'events' ? 'Events' : 'Service plugins'}
          </button>
        ))}
      </p>
      {install === null && <Empty>Choose a site where the app was installed once.</Empty>}
      {install !== null && tab === 'events' && (
        <>
          <SendForm instanceId={install.instanceId} />
          <Deliveries />
        </>
      )}
      {install !== null && tab === 'plugins' && <Plugins instanceId={install.instanceId} />}
    </>
  );
}

const FIRST = 'AppInstalled';

function SendForm({ instanceId }: { readonly instanceId: string }): JSX.Element {
  const { api } = useConsole();
  const types = useAnswer(() => api.get<EventTypeView[]>('event-types'), [api]);
  const [type, setType] = useState(FIRST);
  const isKnown = types.data?.some((known) => known.type === type) === true;
  const template = useAnswer(
    isKnown
      ? () =>
          api.get<EventTemplate>(`event-types/${encodeURIComponent(type)}?instanceId=${encodeURIComponent(instanceId)}`)
      : null,
    [api, type, isKnown, instanceId],
  );
  const [data, setData] = useState('{}');
  const [times, setTimes] = useState('1');
  const [duplicates, setDuplicates] = useState('0');
  const [order, setOrder] = useState('ascending');
  const [forgery, setForgery] = useState('');
  const action = useAction();
  useEffect(() => {
    if (template.data !== null) setData(JSON.stringify(template.data.data, null, 2));
  }, [template.data]);

  const send = (): void => {
    action.run(() => {
      const event: SendEvent = {
        instanceId,
        type,
        data: JSON.parse(data) as Record<string, unknown>,
        times: Number(times),
        duplicates: Number(duplicates),
        order: order === 'descending' ? 'descending' : 'ascending',
        forgery: forgery === '' ? null : (forgery as EventForgery),
      };
      return api.send('POST', 'events', event);
    });
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field label="Event type" hint={`${String(types.data?.length ?? 0)} known types: type to search`}>
        {(id) => (
          <input
            id={id}
            class="wide"
            list="event-types"
            value={type}
            required
            onInput={(event) => {
              setType(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <datalist id="event-types">
        {(types.data ?? []).map(({ type: known, group, entity }) => (
          <option key={known} value={known}>
            {entity === null ? group : `${group}: ${entity}`}
          </option>
        ))}
      </datalist>
      <TextField label="Different events" type="number" value={times} onInput={setTimes} />
      <TextField label="Duplicates of each" type="number" value={duplicates} onInput={setDuplicates} />
      <Select
        label="Order"
        value={order}
        options={[
          ['ascending', 'in order'],
          ['descending', 'out of order'],
        ]}
        onChange={setOrder}
      />
      <Select label="What is wrong with it" value={forgery} options={FORGERIES} onChange={setForgery} />
      <TextArea label="Data" value={data} rows={10} onInput={setData} />
      <div class="actions">
        <button type="submit" disabled={action.isBusy}>
          Send
        </button>
      </div>
      <Problem text={action.problem ?? types.problem ?? template.problem} />
    </form>
  );
}

const STATES: Readonly<Record<DeliveryView['state'], readonly [string, string]>> = {
  sending: ['idle', '… sending'],
  waiting: ['warn', '↻ to be sent again'],
  delivered: ['good', '✓ delivered'],
  'given-up': ['bad', '✗ given up'],
  canceled: ['idle', '– canceled'],
};

function Deliveries(): JSX.Element {
  const { api, world } = useConsole();
  const action = useAction();
  const act = (id: number, what: 'resend' | 'cancel'): void => {
    action.run(() => api.send('POST', `deliveries/${String(id)}/${what}`));
  };
  if (world.deliveries.length === 0)
    return <Empty>No event sent yet. Send AppInstalled to see your handlers run.</Empty>;
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">Deliveries</h2>
      <Problem text={action.problem} />
      <Table caption="Deliveries" head={['Time', 'Event', 'State', 'Attempts (Wix waits 1,250 ms)', 'Next', 'Actions']}>
        {world.deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td>{timeOf(delivery.createdAt)}</td>
            <td>
              <code>{delivery.type}</code>
              {delivery.forgery !== null && <span class="tag warn">{delivery.forgery}</span>}
            </td>
            <td>
              <span class={`tag ${STATES[delivery.state][0]}`}>{STATES[delivery.state][1]}</span>
            </td>
            <td>
              <ol class="attempts">
                {delivery.attempts.map(({ number, status, ms, late, why }) => (
                  <li key={number}>
                    <Status status={status} /> {Math.round(ms)} ms {late && <span class="tag bad">too late</span>} {why}
                  </li>
                ))}
              </ol>
            </td>
            <td>{delivery.nextAttemptAt === null ? '' : timeOf(delivery.nextAttemptAt)}</td>
            <td>
              <button
                type="button"
                class="small"
                aria-label={`Send again now: delivery ${String(delivery.id)}`}
                onClick={() => {
                  act(delivery.id, 'resend');
                }}
              >
                Send again now
              </button>
              {delivery.state === 'waiting' && (
                <button
                  type="button"
                  class="small"
                  aria-label={`Cancel delivery ${String(delivery.id)}`}
                  onClick={() => {
                    act(delivery.id, 'cancel');
                  }}
                >
                  Cancel
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <button
        type="button"
        onClick={() => {
          action.run(() => api.send('DELETE', 'deliveries'));
        }}
      >
        Clear
      </button>
    </section>
  );
}
