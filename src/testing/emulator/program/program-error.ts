/** Why the program cannot start, in one line for the person who started it. */
export class ProgramError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProgramError';
  }
}
