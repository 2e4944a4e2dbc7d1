import { entriesIn } from '../../../src/redis/stream-entries.js';

describe('The messages in what Redis replies', () => {
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
  ])('are none in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([]);
  });

  // Else the reading would stay where they are for ever.
  it.each([
    [{ stream: [['1-0']] }],
    [[['stream', [['1-0']]]]],
    [[['stream', [['1-0', null]]]]],
    [[['stream', [['1-0', ['message', 7]]]]]],
  ])('have their place also where they cannot be read, as in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([{ id: '1-0', message: undefined }]);
  });
});
