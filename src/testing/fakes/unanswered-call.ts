import { InternalServerErrorException, Logger } from '@nestjs/common';

/** The name of a call that this test cannot make, and what to do about it. */
export type Unanswered = (call: string, instead: string) => Error;

/**
 * A test called Wix without an answer for that call. Nothing was sent. An application under test answers it with
 * 500, and the message in the body.
 */
class UnansweredCallError extends InternalServerErrorException {
  /**
   * @param call what was called, such as `GET /stores/v3/products as the app`.
   * @param instead what the test can do about it.
   */
  constructor(call: string, instead: string) {
    super(`${call}: this test has no answer to that, and nothing was sent to Wix. ${instead}`);
    this.name = new.target.name;
  }
}

/** For a test that gets the error itself. */
export const unanswered: Unanswered = (call, instead) => new UnansweredCallError(call, instead);

/** For an application under test, whose answer may hide it: Nest logs no exception that has a status. */
export const unansweredInApp: Unanswered = (call, instead) => {
  const error = new UnansweredCallError(call, instead);
  new Logger('fakeWixCaller').error(error.message);
  return error;
};
