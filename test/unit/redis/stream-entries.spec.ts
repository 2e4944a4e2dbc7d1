import { entriesIn } from '../../../src/redis/stream-entries.js';

describe('The messages in what node-redis answers', () => {
  const entries = [
    { id: '1-0', message: 'one' },
    { id: '2-0', message: 'two' },
  ];

  it('are read in order', () => {
    const messages = entries.map(({ id, message }) => ({ id, message: { message } }));

    expect(entriesIn([{ name: 'stream', messages }])).toEqual(entries);
  });

  it('are read as lists too', () => {
    const messages = entries.map(({ id, message }) => [id, ['message', message]]);

    expect(entriesIn([['stream', messages]])).toEqual(entries);
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    {},
    [],
    [null],
    [{ messages: null }],
    [{ messages: [null, 'text', { id: 1, message: { message: 'm' } }] }],
    [['stream', null]],
    [['stream', [null, [1, ['message', 'm']]]]],
  ])('are none in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([]);
  });

  // Else the reading would stay where they are for ever.
  it.each([
    [[{ messages: [{ id: '1-0', message: {} }] }]],
    [[{ messages: [{ id: '1-0' }] }]],
    [[['stream', [['1-0']]]]],
    [[['stream', [['1-0', null]]]]],
    [[['stream', [['1-0', ['message', 7]]]]]],
  ])('have their place also where they cannot be read, as in %j', (answer) => {
    expect(entriesIn(answer)).toEqual([{ id: '1-0', message: undefined }]);
  });
});
