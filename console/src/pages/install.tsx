import type { JSX } from 'preact';

import type {
  InstallFaultChoice,
  InstallFaults,
  InstallFlow,
  InstallPage as Page,
  InstallStep,
} from '../../../src/testing/emulator/console/console-api.js';
import { Empty, Problem, Select, Status, Table } from '../parts/parts.jsx';
import { useAction, useAnswer } from '../parts/use-call.js';
import { timeOf } from '../parts/words.js';
import { useConsole } from '../world.js';

const NO_FAULT = '';

/** Both flows of an installation, step by step, with what may go wrong. */
export function InstallPage(): JSX.Element {
  const { api, app, world } = useConsole();
  const appId = app?.appId ?? '';
  const page = useAnswer(
    () => api.get<Page>(`install?appId=${encodeURIComponent(appId)}`),
    [api, appId, world.version, world.steps.length],
  );
  const action = useAction();
  const change = (faults: InstallFaults): void => {
    action.run(async () => {
      await api.send('PUT', 'install/faults', faults);
      page.reload();
    });
  };
  return (
    <>
      <h1>Install {app?.name ?? 'the app'}</h1>
      <Problem text={action.problem ?? page.problem} />
      {page.data !== null && (
        <>
          <ul class="plain">
            {page.data.flows.map((flow) => (
              <li key={flow.flow}>
                <Flow flow={flow} />
              </li>
            ))}
          </ul>
          <section aria-labelledby="install-faults">
            <h2 id="install-faults">What goes wrong on the way</h2>
            <div class="row">
              {page.data.faultChoices.map((choice) => (
                <FaultChoice key={choice.name} choice={choice} faults={page.data?.faults ?? {}} change={change} />
              ))}
            </div>
          </section>
          <Steps
            steps={page.data.steps}
            onClear={() => {
              action.run(async () => {
                await api.send('DELETE', 'install/steps');
                page.reload();
              });
            }}
          />
        </>
      )}
    </>
  );
}

const Flow = ({ flow: { title, startUrl, problem } }: { readonly flow: InstallFlow }): JSX.Element => (
  <>
    <strong>{title}</strong>{' '}
    {startUrl === null ? (
      <span>{problem}</span>
    ) : (
      <a class="button" href={startUrl} target="_blank" rel="noreferrer">
        Add to site
      </a>
    )}
  </>
);

const FaultChoice = (props: {
  readonly choice: InstallFaultChoice;
  readonly faults: InstallFaults;
  readonly change: (faults: InstallFaults) => void;
}): JSX.Element => {
  const { name, title, values } = props.choice;
  return (
    <Select
      label={title}
      value={props.faults[name] ?? NO_FAULT}
      options={[[NO_FAULT, 'as it should be'], ...values.map((value) => [value, value] as const)]}
      onChange={(value) => {
        const others = Object.entries(props.faults).filter(([other]) => other !== name);
        props.change(Object.fromEntries(value === NO_FAULT ? others : [...others, [name, value]]));
      }}
    />
  );
};

const Steps = ({
  steps,
  onClear,
}: {
  readonly steps: readonly InstallStep[];
  readonly onClear: () => void;
}): JSX.Element => (
  <section aria-labelledby="steps">
    <h2 id="steps">Steps</h2>
    {steps.length === 0 ? (
      <Empty>No installation yet. Start one above: each step shows here as it happens.</Empty>
    ) : (
      <>
        <Table caption="Steps of installations" head={['Time', 'Step', 'Address', 'Answer', 'Note']}>
          {steps.map(({ id, at, title, url, status, note }) => (
            <tr key={id}>
              <td>{timeOf(at)}</td>
              <td>{title}</td>
              <td>
                <code class="long">{url}</code>
              </td>
              <td>{status === null ? '' : <Status status={status} />}</td>
              <td>{note}</td>
            </tr>
          ))}
        </Table>
        <button type="button" onClick={onClear}>
          Clear
        </button>
      </>
    )}
  </section>
);
