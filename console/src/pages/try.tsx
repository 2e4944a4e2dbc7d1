import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type {
  CurlCommand,
  RefusalView,
  TryAnswer,
  TryRequest,
} from '../../../src/testing/emulator/console/console-api.js';
import { Code, CopyButton, Empty, Problem, Select, Status, TextArea, TextField } from '../parts/parts.jsx';
import { useAction } from '../parts/use-call.js';
import { pretty } from '../parts/words.js';
import { useConsole } from '../world.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const WITHOUT_BODY: readonly string[] = ['GET', 'DELETE'];
const NO_CREDENTIAL = '';

interface Sent {
  readonly request: TryRequest;
  readonly answer: TryAnswer;
}

/** A request to the app as one of the people, and why it was refused. */
export function TryPage(): JSX.Element {
  const { api, install, person, site } = useConsole();
  const [method, setMethod] = useState<string>('GET');
  const [path, setPath] = useState('/');
  const [body, setBody] = useState('{}');
  const [as, setAs] = useState<string | null>(null);
  const [credential, setCredential] = useState<'access-token' | 'signed-instance'>('access-token');
  const [history, setHistory] = useState<readonly Sent[]>([]);
  const action = useAction();
  if (install === null) return <Empty>Choose a site where the app is installed.</Empty>;

  const actor = as ?? person?.key ?? NO_CREDENTIAL;
  const hasBody = !WITHOUT_BODY.includes(method);
  const request: TryRequest = {
    instanceId: install.instanceId,
    as: actor === NO_CREDENTIAL ? null : actor,
    credential,
    method,
    path: path.startsWith('/') ? path : `/${path}`,
    ...(hasBody && { body, headers: { 'content-type': 'application/json' } }),
  };
  const send = (what: TryRequest): void => {
    action.run(async () => {
      const answer = await api.send<TryAnswer>('POST', 'try', what);
      setHistory((before) => [{ request: what, answer }, ...before].slice(0, 20));
    });
  };
  const people = (site?.people ?? []).map(
    ({ key, name, kind, isOwner }) => [key, `${name} (${isOwner ? 'owner' : kind})`] as const,
  );
  return (
    <>
      <h1>Try a request</h1>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          send(request);
        }}
      >
        <Select label="Method" value={method} options={METHODS.map((one) => [one, one])} onChange={setMethod} />
        <TextField label="Path" value={path} onInput={setPath} placeholder="/products" />
        <Select
          label="Send as"
          value={actor}
          options={[...people, ['app', 'the app itself'], [NO_CREDENTIAL, 'no credential']]}
          onChange={setAs}
        />
        <Select
          label="Credential"
          value={credential}
          options={[
            ['access-token', 'access token'],
            ['signed-instance', 'signed instance'],
          ]}
          onChange={(value) => {
            setCredential(value === 'signed-instance' ? 'signed-instance' : 'access-token');
          }}
        />
        {hasBody && <TextArea label="Body" rows={4} value={body} onInput={setBody} />}
        <div class="actions">
          <button type="submit" disabled={action.isBusy}>
            Send
          </button>
          <CopyButton
            label="Copy as curl"
            text={async () => (await api.send<CurlCommand>('POST', 'try/curl', request)).command}
          >
            Copy as curl
          </CopyButton>
        </div>
      </form>
      <Problem text={action.problem} />
      {history[0] === undefined ? (
        <Empty>Nothing sent yet. Choose a path of your app and send it as the person above.</Empty>
      ) : (
        <Answer {...history[0]} />
      )}
      {history.length > 1 && <History sent={history.slice(1)} onRepeat={send} />}
    </>
  );
}

const Answer = ({ request, answer }: Sent): JSX.Element => (
  <section aria-labelledby="answer" aria-live="polite">
    <h2 id="answer">
      {request.method} {request.path} as {request.as ?? 'no one'}
    </h2>
    <p>
      <Status status={answer.status} /> after {Math.round(answer.ms)} ms, with {answer.wixRequests.length} requests to
      Wix
    </p>
    <Problem text={answer.problem} />
    {answer.refusal !== null && <Refusal refusal={answer.refusal} />}
    {answer.body !== '' && <Code label="Body of the answer">{pretty(answer.body)}</Code>}
  </section>
);

const Refusal = ({ refusal }: { readonly refusal: RefusalView }): JSX.Element => (
  <div class="refusal">
    <p>
      <strong>{refusal.by === 'app' ? 'Refused by the app' : 'Refused by Wix'}</strong>
      {refusal.code !== null && (
        <>
          {' '}
          <code>{refusal.code}</code>
        </>
      )}
    </p>
    <p>{refusal.text}</p>
    {refusal.missingScopes.length > 0 && (
      <p>
        Missing:{' '}
        {refusal.missingScopes.map((scope) => (
          <code key={scope}>{scope} </code>
        ))}
        {refusal.lackedBy.length > 0 && ` – lacked by the ${refusal.lackedBy.join(' and the ')}`}
      </p>
    )}
    {refusal.allowedIdentities.length > 0 && <p>The route takes: {refusal.allowedIdentities.join(', ')}</p>}
    {refusal.advice !== null && <p class="advice">{refusal.advice}</p>}
  </div>
);

const History = (props: {
  readonly sent: readonly Sent[];
  readonly onRepeat: (request: TryRequest) => void;
}): JSX.Element => (
  <section aria-labelledby="history">
    <h2 id="history">Earlier in this tab</h2>
    <ul class="plain">
      {props.sent.map(({ request, answer }, index) => (
        <li key={index}>
          <Status status={answer.status} />{' '}
          <code>
            {request.method} {request.path}
          </code>{' '}
          as {request.as ?? 'no one'}{' '}
          <button
            type="button"
            class="small"
            onClick={() => {
              props.onRepeat(request);
            }}
          >
            Repeat
          </button>
        </li>
      ))}
    </ul>
  </section>
);
