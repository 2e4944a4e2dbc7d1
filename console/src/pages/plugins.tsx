import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  EventForgery,
  PluginAnswer,
  PluginCall,
  PluginMethodView,
} from '../../../src/testing/emulator/console/console-api.js';
import { Code, Problem, Select, Status, TextArea } from '../parts/parts.jsx';
import { useAction, useAnswer } from '../parts/use-call.js';
import { pretty } from '../parts/words.js';
import { useConsole } from '../world.js';
import { FORGERIES } from './forgeries.js';

const keyOf = ({ plugin, method }: PluginMethodView): string => `${plugin} ${method}`;

/** Calls a method of the app's service plugins, as Wix does. */
export function Plugins({ instanceId }: { readonly instanceId: string }): JSX.Element {
  const { api } = useConsole();
  const methods = useAnswer(() => api.get<PluginMethodView[]>('plugins'), [api]);
  const [key, setKey] = useState('');
  const [request, setRequest] = useState('{}');
  const [forgery, setForgery] = useState('');
  const [answer, setAnswer] = useState<PluginAnswer | null>(null);
  const action = useAction();
  const chosen = methods.data?.find((method) => keyOf(method) === key) ?? methods.data?.[0];
  const send = (): void => {
    if (chosen === undefined) return;
    action.run(async () => {
      const call: PluginCall = {
        instanceId,
        plugin: chosen.plugin,
        method: chosen.method,
        request: JSON.parse(request) as Record<string, unknown>,
        forgery: forgery === '' ? null : (forgery as EventForgery),
      };
      setAnswer(await api.send<PluginAnswer>('POST', 'plugins', call));
    });
  };
  return (
    <>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Select
          label="Method"
          value={chosen === undefined ? '' : keyOf(chosen)}
          options={(methods.data ?? []).map((method) => [
            keyOf(method),
            `${method.plugin}: ${method.method} (${method.path})`,
          ])}
          onChange={setKey}
        />
        <Select label="What is wrong with it" value={forgery} options={FORGERIES} onChange={setForgery} />
        <TextArea label="Request" value={request} onInput={setRequest} />
        <div class="actions">
          <button type="submit" disabled={action.isBusy || chosen === undefined}>
            Call
          </button>
        </div>
      </form>
      {chosen !== undefined && chosen.errors.length > 0 && <p>Errors of the contract: {chosen.errors.join(', ')}</p>}
      <Problem text={action.problem ?? methods.problem} />
      {answer !== null && (
        <section aria-labelledby="plugin-answer" aria-live="polite">
          <h2 id="plugin-answer">Answer</h2>
          <p>
            <Status status={answer.status} /> after {Math.round(answer.ms)} ms from <code>{answer.url}</code>
            {answer.errorCode !== null && (
              <>
                {' '}
                with <code>{answer.errorCode}</code>
              </>
            )}
          </p>
          <Code label="Body of the answer">{pretty(answer.body)}</Code>
        </section>
      )}
    </>
  );
}
