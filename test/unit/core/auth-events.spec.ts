import { AuthEvents, type AuthEventMap } from '../../../src/core/auth-events.js';

const EVENT = { code: 'WIX_APP_REFUSED', message: 'Refused.' };

describe('AuthEvents', () => {
  it('calls every listener of that name, in order, until it is removed', () => {
    const events = new AuthEvents();
    const heard: string[] = [];
    const end = events.on('operatorError', ({ code }: AuthEventMap['operatorError']) => heard.push(`first ${code}`));
    events.on('operatorError', () => heard.push('second'));
    events.emit('operatorError', EVENT);
    end();
    events.emit('operatorError', EVENT);

    expect(heard).toEqual(['first WIX_APP_REFUSED', 'second', 'second']);
  });

  it('continues when there is no listener, and when a listener fails', () => {
    const events = new AuthEvents();
    const heard: string[] = [];
    events.emit('operatorError', EVENT);
    events.on('operatorError', () => {
      throw new Error('The logger is broken.');
    });
    events.on('operatorError', ({ code }) => heard.push(code));
    events.emit('operatorError', EVENT);

    expect(heard).toEqual(['WIX_APP_REFUSED']);
  });
});
