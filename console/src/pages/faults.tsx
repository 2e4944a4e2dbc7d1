import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  EndpointView,
  FaultKindView,
  FaultsView,
  FaultView,
  NewFault,
  VariantView,
} from '../../../src/testing/emulator/console/console-api.js';
import { Empty, Problem, Select, Table, TextField, Toggle } from '../parts/parts.jsx';
import { useAction, useAnswer, type Action } from '../parts/use-call.js';
import { useConsole } from '../world.js';

/** Switches for what goes wrong at Wix. */
export function FaultsPage(): JSX.Element {
  const { api, world } = useConsole();
  const view = useAnswer(() => api.get<FaultsView>('faults'), [api]);
  const action = useAction();
  const [times, setTimes] = useState('');
  const [seconds, setSeconds] = useState('');
  const limits = { times: numberOf(times), seconds: numberOf(seconds) };
  return (
    <>
      <h1>Faults</h1>
      <div class="row">
        <TextField label="For how many requests" type="number" value={times} onInput={setTimes} placeholder="all" />
        <TextField
          label="For how many seconds"
          type="number"
          value={seconds}
          onInput={setSeconds}
          placeholder="until switched off"
        />
        <button
          type="button"
          disabled={world.faults.length === 0}
          onClick={() => {
            action.run(() => api.send('DELETE', 'faults'));
          }}
        >
          Clear all
        </button>
      </div>
      <Problem text={action.problem ?? view.problem} />
      <InForce action={action} kinds={view.data?.kinds ?? []} />
      {view.data !== null && <Switches view={view.data} limits={limits} action={action} />}
      <Variants />
    </>
  );
}

const numberOf = (text: string): number | null => (text === '' ? null : Number(text));

function InForce({
  action,
  kinds,
}: {
  readonly action: Action;
  readonly kinds: readonly FaultKindView[];
}): JSX.Element {
  const { api, world } = useConsole();
  if (world.faults.length === 0) return <Empty>No fault is on: Wix answers as it should.</Empty>;
  return (
    <ul class="plain" aria-label="Faults that are on">
      {world.faults.map((fault) => (
        <li key={fault.id}>
          <span class="tag warn">● on</span>{' '}
          <code>
            {fault.method ?? ''} {fault.path}
          </code>{' '}
          {kinds.find(({ kind }) => kind === fault.kind)?.title ?? fault.kind}, hit {fault.hits} times{' '}
          <button
            type="button"
            class="small"
            aria-label={`Switch off ${fault.kind} of ${fault.path}`}
            onClick={() => {
              action.run(() => api.send('DELETE', `faults/${String(fault.id)}`));
            }}
          >
            Switch off
          </button>
        </li>
      ))}
    </ul>
  );
}

interface SwitchesProps {
  readonly view: FaultsView;
  readonly limits: Pick<NewFault, 'times' | 'seconds'>;
  readonly action: Action;
}

function Switches({ view, limits, action }: SwitchesProps): JSX.Element {
  const { api, world } = useConsole();
  const inForce = (endpoint: EndpointView, kind: string): FaultView | undefined =>
    world.faults.find(
      (fault) => fault.path === endpoint.faultPath && fault.method === endpoint.method && fault.kind === kind,
    );
  const change = (endpoint: EndpointView, kind: FaultKindView['kind'], fault: FaultView | undefined): void => {
    action.run(() =>
      fault === undefined
        ? api.send('POST', 'faults', { kind, path: endpoint.faultPath, method: endpoint.method, ...limits })
        : api.send('DELETE', `faults/${String(fault.id)}`),
    );
  };
  return (
    <Table caption="Faults by endpoint" head={['Endpoint', ...view.kinds.map(({ title }) => title)]}>
      {view.endpoints.map((endpoint) => (
        <tr key={`${endpoint.method} ${endpoint.path}`}>
          <th scope="row">
            <code>
              {endpoint.method} {endpoint.path}
            </code>
          </th>
          {view.kinds.map(({ kind, title }) => {
            const fault = inForce(endpoint, kind);
            return (
              <td key={kind}>
                <Toggle
                  label={`${title}: ${endpoint.method} ${endpoint.path}`}
                  isLabelHidden
                  isOn={fault !== undefined}
                  onChange={() => {
                    change(endpoint, kind, fault);
                  }}
                />
              </td>
            );
          })}
        </tr>
      ))}
    </Table>
  );
}

function Variants(): JSX.Element {
  const { api, world } = useConsole();
  const { data, problem, reload } = useAnswer(() => api.get<VariantView[]>('variants'), [api, world.version]);
  const action = useAction();
  const change = (name: string, value: VariantView['value']): void => {
    action.run(async () => {
      await api.send('PATCH', 'variants', { [name]: value });
      reload();
    });
  };
  return (
    <section aria-labelledby="variants">
      <h2 id="variants">Variants of the protocol</h2>
      <p>Where Wix is known to differ from one answer to the next. An app should take all of them.</p>
      <Problem text={action.problem ?? problem} />
      <ul class="plain">
        {(data ?? []).map((variant) => (
          <li key={variant.name}>
            <Variant variant={variant} change={change} />
            <small>{variant.text}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Variant(props: {
  readonly variant: VariantView;
  readonly change: (name: string, value: VariantView['value']) => void;
}): JSX.Element {
  const { name, value, choices } = props.variant;
  if (choices === null) {
    return (
      <TextField
        label={name}
        type="number"
        value={value === null ? '' : String(value)}
        onInput={(text) => {
          props.change(name, numberOf(text));
        }}
      />
    );
  }
  return (
    <Select
      label={name}
      value={String(value)}
      options={choices.map((choice) => [String(choice), String(choice)])}
      onChange={(text) => {
        props.change(name, choices.find((choice) => String(choice) === text) ?? null);
      }}
    />
  );
}
