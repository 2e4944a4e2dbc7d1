import { describeAnswer, problemOf, readAnswer } from '../../../src/http/wix-answer.js';
import { APP_SECRET } from '../../support/app.js';

const answer = (body: unknown): ReturnType<typeof readAnswer> => readAnswer(400, JSON.stringify(body), '1.2');

describe('readAnswer', () => {
  it('reads a JSON object and the id of the request', () => {
    expect(readAnswer(200, '{"a":1}', '1763899200.123')).toEqual({
      status: 200,
      body: { a: 1 },
      isEmpty: false,
      requestId: '1763899200.123',
    });
  });

  it.each(['<html></html>', '[1]', 'null', '"text"', '{'])('finds no body in %j', (text) => {
    expect(readAnswer(403, text, undefined)).toMatchObject({ body: undefined, isEmpty: false, requestId: undefined });
  });

  it('distinguishes an empty body from an unreadable one', () => {
    expect(readAnswer(403, '', undefined)).toMatchObject({ body: undefined, isEmpty: true });
  });
});

describe('problemOf', () => {
  it('reads the envelope of OAuth', () => {
    expect(problemOf(answer({ error: 'invalid_request', error_description: 'no client id' }))).toEqual({
      code: 'invalid_request',
      text: 'no client id',
    });
    expect(problemOf(answer({ error: 'invalid_request' }))).toEqual({ code: 'invalid_request', text: '' });
  });

  it("reads the envelope of Wix's other APIs", () => {
    const body = { message: 'not found', details: { applicationError: { code: 'NOT_FOUND', description: 'gone' } } };

    expect(problemOf(answer(body))).toEqual({ code: 'NOT_FOUND', text: 'not found' });
    expect(problemOf(answer({ ...body, message: '' }))).toEqual({ code: 'NOT_FOUND', text: 'gone' });
  });

  it.each([{}, { message: '', details: {} }, { error: 7, details: [] }, { details: { applicationError: 'text' } }])(
    'finds nothing in %j',
    (body) => {
      expect(problemOf(answer(body))).toEqual({ code: undefined, text: '' });
    },
  );

  it('removes credentials that Wix echoes', () => {
    const echo = answer({ error: `bad ${APP_SECRET}`, error_description: `secret ${APP_SECRET}` });

    expect(JSON.stringify(problemOf(echo))).not.toContain(APP_SECRET);
  });
});

describe('describeAnswer', () => {
  it('is one line of status, code and text, where present', () => {
    expect(describeAnswer(answer({ error: 'invalid_client', error_description: 'no' }))).toBe(
      'HTTP 400, invalid_client, no',
    );
    expect(describeAnswer(readAnswer(502, '<html>secret page</html>', undefined))).toBe('HTTP 502');
  });
});
