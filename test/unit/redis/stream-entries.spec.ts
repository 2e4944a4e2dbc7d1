import { entriesIn } from '../../../src/redis/stream-entries.js';

describe('The messages in a reply of Redis', () => {
  const entries = [
    { id: '1-0', message: 'one' },
    { id: '2-0', message: 'two' },
  ];
  const messages = entries.map(({ id, message }) => [id, ['message', message]]);

  it.each([
    ['a list', [['stream', messages]]],
    ['a flat list', ['stream', messages]],
    ['an object', { stream: messages }],
    ['a map', new Map([['stream', messages]])],
  ])('are read in order from %s', (_what, reply) => {
    expect(entriesIn(reply)).toEqual(entries);
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    {},
    [],
    [null],
    { stream: null },
    { stream: [null, 'text', [1, ['message', 'm']]] },
    [['stream', null]],
    [['stream', [null, [1, ['message', 'm']]]]],
  ])('are empty in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([]);
  });

  // Else the reading would stay where they are for ever.
  it.each([
    [{ stream: [['1-0']] }],
    [[['stream', [['1-0']]]]],
    [[['stream', [['1-0', null]]]]],
    [[['stream', [['1-0', ['message', 7]]]]]],
  ])('have a position even where they are unreadable, as in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([{ id: '1-0', message: undefined }]);
  });
});
